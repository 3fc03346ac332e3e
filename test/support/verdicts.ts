import { stripVTControlCharacters } from 'node:util'
import type { Expected } from '../../fixtures/suite/suite.ts'
import { type Ended, marks, placeOf, type Verdicts } from './suite.ts'

/**
 * The verdicts of a run, by the rows' ids. What fails a file, a warning and a correction are told under the row on whose
 * line they stand; where it is no row's, under that line.
 */
export function verdicts(tests: readonly Ended[], stderr: string, rows: readonly Expected[]): Verdicts {
  const places = marks()
  const found: Verdicts = {}
  for (const { name, failed, texts, outside, skipped } of tests) {
    if (outside) {
      for (const text of texts) addAt('file', text)
      continue
    }
    const id = /^([\w-]+): /.exec(name)?.[1]
    if (id === undefined || id in found) throw new Error(`"${name}" has no id of its own`)
    const again = rows.some((row) => row.id === id && row.again)
    found[id] = failed
      ? told(again ? [...new Set(texts.map(describe))] : texts.map(describe))
      : skipped
        ? 'skipped'
        : 'pass'
  }
  for (const text of warnings(stderr)) addAt('warning', text.replace(HEAD, ''), text)
  for (const [place, closedAt] of corrections(stderr)) add(rowAt('test', place)?.id ?? `corrected ${place}`, closedAt)
  return found

  function add(id: string, verdict: string): void {
    const before = found[id]?.split('\n') ?? []
    found[id] = [...new Set([...before, verdict])].sort().join('\n')
  }

  function addAt(at: 'file' | 'warning', text: string, whole = text): void {
    const verdict = describe(text)
    const place = verdict.split(' ')[0] ?? ''
    const row = rowAt(at, place)
    const named = row?.names && whole.includes(`${row.names}: `) ? `, of ${row.names}` : ''
    add(row?.id ?? `${at} ${place}`, verdict + named)
  }

  function rowAt(at: NonNullable<Expected['at']>, place: string): Expected | undefined {
    return rows.find((row) => (row.at ?? 'test') === at && row.marks.some((mark) => places.get(mark) === place))
  }
}

export const ERROR = 'error: '
export const CORRECTED = 'later closed'

/** Errors first: one that comes behind a leak is told as that. Leaks come in the order of their lines. */
function told(all: readonly string[]): string {
  const first = all.findIndex((text) => !text.startsWith(ERROR))
  const errors = all.filter((text) => text.startsWith(ERROR))
  const late = first >= 0 && all.slice(first).some((text) => text.startsWith(ERROR))
  const leaks = all.filter((text) => !text.startsWith(ERROR)).sort()
  return [...errors, ...(late ? [`${ERROR}an error came behind a leak`] : []), ...leaks].join('\n')
}

/** One error in one line, without what differs from run to run. */
function describe(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replace(/cursorleak_suite_\w+_\d+/g, 'suite')
    .replace(/\b(127\.0\.0\.1|localhost):\d+/g, 'server')
  const headline = /^ *(?:Error )?(?:\[?CursorLeakError\]?: )?(\w+ on \S+ was .*?)(?:; created at .*)?$/m.exec(
    plain,
  )?.[1]
  const said = placeIn(/(?:^ {2,}|; )created at (?:.*? \()?(.*?):(\d+):\d+\)?(?:;|,|$)/m, plain)
  const frame = placeIn(/^ +at (?:.* \()?(?:file:\/\/)?([^()\n]*):(\d+):\d+\)?$/m, plain)
  // Vitest's own wording of a time-out, and the error's name, differ between its versions.
  if (headline === undefined || said === undefined)
    return (
      ERROR +
      plain
        .trim()
        .split('\n')[0]
        ?.replace(/^.*(Test timed out).*/, 'Error: $1')
    )
  if (frame !== undefined && frame !== said) return `the message names ${said}, the stack ${frame}`
  const notes = [...plain.matchAll(/^ +note: (.*)$/gm)].map(([, note]) => ` | ${note}`)
  return `${said} ${headline}${notes.join('')}`
}

function placeIn(pattern: RegExp, text: string): string | undefined {
  const [, file, line] = pattern.exec(text) ?? []
  return file && placeOf(file, line ?? '')
}

/** Each from its head to the last of its lines, which are further right. */
const warnings = (stderr: string): string[] =>
  stderr.split(/\n(?! )/).filter((part) => part.startsWith('cursorleak warning'))

const HEAD = /^cursorleak warning(?: in (?:".*"|\S+?))?(?:, again)?: /

const CORRECTION =
  /^cursorleak: .* created at (\S+):(\d+).* which failed .* was (?:(?:closed|ended) at (\S+?):\d+|read to its end) afterwards/gm

/** What an owner closed after its test had failed: where it was created, and in which file that was. */
const corrections = (stderr: string): Array<[place: string, told: string]> =>
  [...stderr.matchAll(CORRECTION)].map(([, file = '', line = '', closedIn = '']) => [
    placeOf(file, line),
    closedIn ? `${CORRECTED} in ${placeOf(closedIn, '').slice(0, -1)}` : `${CORRECTED} by reading it to its end`,
  ])
