import type { Expected, RunnerName } from '../../fixtures/suite/suite.ts'
import { marks, type Verdicts } from './suite.ts'
import { CORRECTED, ERROR } from './verdicts.ts'

/** What of a run of the shared suite is not as its rows say, one line each: a missing test, a verdict, a place. */
export function differences(found: Verdicts, runner: RunnerName, rows: readonly Expected[]): string[] {
  const places = marks()
  const own = rows.filter((row) => canExpress(row, runner))
  const known = new Set(own.map(({ id }) => id))
  return [
    ...own
      .filter((row) => !fits(row, found[row.id], places))
      .map(
        (row) => `${row.id} must be ${wanted(row, places)}, is: ${found[row.id] ?? (row.at ? 'nothing' : 'missing')}`,
      ),
    ...Object.keys(found)
      .filter((id) => !known.has(id))
      .map((id) => `${id} is no row of the suite: ${found[id]}`),
  ]
}

/** Whether a runner has a way to write that row. */
export const canExpress = ({ only }: Expected, runner: RunnerName): boolean => !only || only.includes(runner)

function wanted({ at, state, marks, names, note, error, corrected }: Expected, places: Map<string, string>): string {
  const where = marks.map((mark) => places.get(mark) ?? `no line is marked ${mark}`)
  const more = [
    names && `of ${names}`,
    note && `with "${note}"`,
    error && `behind "${error}"`,
    corrected && 'corrected',
  ]
  return [at, state, ...where, ...more].filter(Boolean).join(' ')
}

const MEANS = {
  busy: /still being read|still at work/,
  open: /never (closed|ended).*: (open on the server|the server keeps a session|still connected)/,
  abandoned: /unread documents left/,
  lost: /was lost/,
  swept: /open until its client closed/,
}

function fits(row: Expected, verdict: string | undefined, places: Map<string, string>): boolean {
  const { state, marks, names, note, error, corrected } = row
  const lines = verdict?.split('\n') ?? []
  const errors = lines.filter((line) => line.startsWith(ERROR))
  if (errors.length !== (error ? 1 : 0) || !errors.every((line) => line.startsWith(`${ERROR}${error}`))) return false
  if (state === 'skipped') return verdict === 'skipped'
  if (state === 'clean') return error ? lines.length === 1 : verdict === 'pass'
  const told = lines.filter((line) => line.startsWith(CORRECTED))
  const leaks = lines.filter((line) => !line.startsWith(CORRECTED) && !line.startsWith(ERROR))
  return (
    leaks.length === marks.length &&
    marks.every((mark) => leaks.some((leak) => leak.startsWith(`${places.get(mark)} `) && MEANS[state].test(leak))) &&
    leaks.every((leak) => (!names || leak.endsWith(`, of ${names}`)) && (!note || leak.includes(` | ${note}`))) &&
    told.length === (corrected ? 1 : 0)
  )
}
