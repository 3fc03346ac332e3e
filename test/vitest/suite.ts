import { CLIENT_LEFT } from '../../fixtures/suite/lifetimes/index.ts'
import { withReport } from '../suite/columns/column.ts'
import { differences } from '../support/differences.ts'
import { run } from '../support/run.ts'
import { type Ended, expected, type Verdicts } from '../support/suite.ts'
import { verdicts } from '../support/verdicts.ts'

/** The shared suite's first part, with what only Vitest can express. */
const ROWS = expected('tests', 'vitest')

/** What of a run is not as the suite says. */
export const wrong = (found: Verdicts): string[] =>
  differences(
    found,
    'vitest',
    ROWS.filter((row) => row !== CLIENT_LEFT),
  )

/**
 * Runs them with a Vitest in a configuration.
 * @param cell as fixtures/suite/vitest/cell.ts reads it
 * @returns the verdicts of each project, and what was printed
 */
export async function suiteIn(
  { node = process.execPath, bin, cwd, uri }: { node?: string; bin: string; cwd: string; uri: string },
  cell: object = {},
): Promise<{ found: Verdicts[]; output: string }> {
  const { report, stdout, stderr } = await withReport((REPORT) =>
    run(node, [bin, 'run'], { cwd, env: { MONGODB_URI: uri, REPORT, CELL: JSON.stringify(cell) } }),
  )
  const projects = new Map<string, Ended[]>()
  for (const test of JSON.parse(report) as Ended[]) {
    const own = projects.get(test.project ?? '')
    if (own) own.push(test)
    else projects.set(test.project ?? '', [test])
  }
  const found = [...projects.values()].map((tests) => {
    // Which project a warning is of is not printed.
    const all = verdicts(tests, stderr, ROWS)
    // The clients that the suite leaves are told by a warning, or with the plugin in the summary.
    delete all[CLIENT_LEFT.id]
    return all
  })
  return { found, output: `${stdout}\n${stderr}` }
}
