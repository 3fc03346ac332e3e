import { lifetimes } from '../../fixtures/suite/lifetimes/index.ts'
import type { Expected, RunnerName } from '../../fixtures/suite/suite.ts'
import { collecting, type Ended, MEANS, marks, type Verdicts, describe as verdictOf } from './suite.ts'

/**
 * The suite's part "what lives longer than a test", seen from outside. Beside tests that fail it has leaks that fail a
 * file, and warnings: both are told by the line that created what leaked.
 */
export const expected = (): Expected[] => lifetimes(collecting)

const canExpress = ({ only }: Expected, runner: RunnerName): boolean => !only || only.includes(runner)

/** In one line, whatever it is. */
const describe = (text: string): string => verdictOf(text).split(/\n/)[0] ?? ''

/** The verdicts of a run, by the rows' ids. What stands on no row's line is told under that line. */
export function verdicts(tests: readonly Ended[], stderr: string): Verdicts {
  const found: Verdicts = {}
  const add = (id: string, verdict: string): void => {
    const before = found[id]?.split('\n') ?? []
    found[id] = [...new Set([...before, verdict])].sort().join('\n')
  }
  for (const { name, failed, texts, outside } of tests) {
    if (outside) {
      for (const text of texts) addAt('file', text)
      continue
    }
    const id = /^([\w-]+): /.exec(name)?.[1]
    if (id === undefined || id in found) throw new Error(`"${name}" has no id of its own`)
    if (!failed) found[id] = 'pass'
    else for (const text of texts) add(id, describe(text))
  }
  for (const text of warnings(stderr)) addAt('warning', text.replace(HEAD, ''), text)
  for (const [place, closedAt] of corrections(stderr)) {
    const row = rowAt('test', place)
    add(row?.id ?? `corrected ${place}`, closedAt)
  }
  return found

  function addAt(at: 'file' | 'warning', text: string, whole = text): void {
    const verdict = describe(text)
    const place = verdict.split(' ')[0] ?? ''
    const row = rowAt(at, place)
    const named = row?.names && whole.includes(`${row.names}: `) ? `, of ${row.names}` : ''
    add(row?.id ?? `${at} ${place}`, verdict + named)
  }
}

function rowAt(at: NonNullable<Expected['at']>, place: string): Expected | undefined {
  const places = marks('lifetimes')
  return expected().find((row) => (row.at ?? 'test') === at && row.marks.some((mark) => places.get(mark) === place))
}

/** Each from its head to the last of its lines, which are further right. */
const warnings = (stderr: string): string[] =>
  stderr.split(/\n(?! )/).filter((part) => part.startsWith('cursorleak warning'))

const HEAD = /^cursorleak warning(?: in (?:".*"|\S+?))?(?:, again)?: /

const CORRECTION =
  /^cursorleak: .* created at (?:\S*\/)?(lifetimes\/\S+:\d+).* which failed .* was (closed|ended) at (?:\S*\/)?(lifetimes\/[\w.]+):\d+/gm

/** What an owner closed after its test had failed: where it was created, and in which file that was. */
const corrections = (stderr: string): Array<[place: string, told: string]> =>
  [...stderr.matchAll(CORRECTION)].map(([, place = '', , file]) => [place, `${CORRECTED} in ${file}`])

const CORRECTED = 'later closed'

/** What of a run is not as the suite says, one line each. */
export function differences(found: Verdicts, runner: RunnerName): string[] {
  const places = marks('lifetimes')
  const rows = expected().filter((row) => canExpress(row, runner))
  const wrong = rows.filter((row) => !fits(row, found[row.id] ?? (row.at ? 'nothing' : 'missing'), places))
  const known = new Set(rows.map(({ id }) => id))
  return [
    ...wrong.map(({ id, state, at, names, corrected, marks }) => {
      const where = marks.map((mark) => places.get(mark) ?? `no line is marked ${mark}`)
      const wanted = [at ?? '', state, ...where, names ? `of ${names}` : '', corrected ? 'corrected' : '']
      return `${id} must be ${wanted.filter(Boolean).join(' ')}, is: ${found[id] ?? 'nothing'}`
    }),
    ...Object.keys(found)
      .filter((id) => !known.has(id))
      .map((id) => `${id} is no row of the suite: ${found[id]}`),
  ]
}

function fits({ state, marks, names, corrected }: Expected, verdict: string, places: Map<string, string>): boolean {
  if (state === 'clean') return verdict === 'pass'
  const lines = verdict.split('\n')
  const told = lines.filter((line) => line.startsWith(CORRECTED))
  const leaks = lines.filter((line) => !line.startsWith(CORRECTED))
  return (
    leaks.length === marks.length &&
    marks.every((mark) => leaks.some((leak) => leak.startsWith(`${places.get(mark)} `) && MEANS[state].test(leak))) &&
    (!names || leaks.every((leak) => leak.endsWith(`, of ${names}`))) &&
    told.length === (corrected ? 1 : 0)
  )
}
