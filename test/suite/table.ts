import { expected, marks, type Verdicts } from '../support/suite.ts'

const INTRO = `# The same verdicts under every runner

One suite of tests (\`fixtures/suite\`), written once, run by each runner and version. Made by
\`npm run test:matrix -- test/suite\` (\`-u\` writes it); all cells of a row are equal, down to the headline of the message
and the line that created the cursor.
`

/** The table of docs/runners.md: a row a test, a column a runner. */
export function table(columns: ReadonlyMap<string, Verdicts>): string {
  const places = marks()
  const names = [...columns.keys()]
  const rows = expected('tests').map(({ id, state, marks }) => {
    const where = marks.map((mark) => `\`${places.get(mark)}\``).join(', ')
    const cells = names.map((name) => cell(columns.get(name)?.[id] ?? 'pass'))
    return row([`\`${id}\``, where ? `${state}, ${where}` : state, ...cells])
  })
  const clean = expected('tests').filter(({ state }) => state === 'clean').length
  const counts = `${rows.length} tests: ${rows.length - clean} leak, ${clean} are clean twins.\n`
  return [
    INTRO,
    counts,
    row(['test', 'expected', ...names]),
    row([':--', ':--', ...names.map(() => ':-:')]),
    ...rows,
    '',
  ].join('\n')
}

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`

/** How a verdict looks in the table: the leaks' lines tell more than a word. */
const cell = (verdict: string): string =>
  verdict === 'pass'
    ? 'passes'
    : `fails at ${verdict
        .split('\n')
        .map((leak) => /:(\d+) /.exec(leak)?.[1] ?? '?')
        .join(', ')}`
