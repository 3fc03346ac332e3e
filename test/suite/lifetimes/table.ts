import type { Expected } from '../../../fixtures/suite/suite.ts'
import { canExpress } from '../../support/differences.ts'
import { expected } from '../../support/lifetimes.ts'
import { marks } from '../../support/suite.ts'
import { columns } from './columns.ts'
import type { Column } from './runs.ts'

const INTRO = `# What lives longer than a test, under every runner

The second part of the shared suite (\`fixtures/suite/lifetimes\`), written once and run by the runners and versions below. The tests
hold each run to it (\`test/suite/lifetimes.both.ts\`): what a cell says was seen there, and \`–\` is what that
runner or version has no way to write. Why each row is as it is stands in [lifetimes.md](lifetimes.md).
`

/** The table of docs/runners-lifetimes.md: a row each of the suite, a column a runner. */
export function table(): string {
  const all = expected()
  const places = marks()
  const known = columns.map((column) => new Set(idsOf(column)))
  const rows = all.map((one) => {
    const cells = columns.map((_, i) => (known[i]?.has(one.id) ? cellOf(one) : '–'))
    const where = one.marks.map((mark) => `\`${places.get(mark)}\``).join(', ')
    return row([`\`${one.id}\``, one.title, where ? `${one.state}, ${where}` : one.state, ...cells])
  })
  const clean = all.filter(({ state }) => state === 'clean').length
  const head = row(['row', 'what it does', 'expected', ...columns.map(({ name }) => name)])
  const line = row([':--', ':--', ':--', ...columns.map(() => ':-:')])
  const counts = `${all.length} rows: ${all.length - clean} leak, ${clean} are clean twins or the tests of such a row.\n`
  return [INTRO, counts, head, line, ...rows, ''].join('\n')
}

const idsOf = ({ runner, without }: Column): string[] =>
  expected()
    .filter((one) => canExpress(one, runner) && !without?.test(one.id))
    .map(({ id }) => id)

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`

function cellOf({ state, at = 'test', corrected }: Expected): string {
  if (state === 'clean') return 'passes'
  const what = { test: 'fails', file: 'its file fails', warning: 'a warning' }[at]
  return corrected ? `${what}, corrected` : what
}
