import path from 'node:path'
import { appendFileSync } from '../native.ts'
import { type BaselineText, FIELDS, parseBaseline } from './baseline-text.ts'
import type { Leak } from './leak.ts'
import { printable } from './printable.ts'
import { codeOf, readFile, UnreadableError } from './read-file.ts'
import { lineOf } from './source-line.ts'

/**
 * A known leak: told by where it is created and what it is, without the number of its line, which moves with every edit.
 */
export interface BaselineSite {
  kind: string
  operation: string
  namespace: string
  /** Relative to the baseline file, with forward slashes. */
  file: string
  function: string
  /** The text of the line; missing in files of version 1, empty where it can't be read. */
  code?: string
  /** How many places have all of this in common; 1 where it is missing. */
  count?: number
}

/** A baseline file that can't be used; the message names the file, what is wrong and what to do. */
export class BaselineError extends Error {
  override name = 'CursorLeakOptionError'
}

/** More than any suite has leaks: a file of this size is something else. */
const MAX_BYTES = 32 * 2 ** 20

/**
 * Reads a baseline file for a check.
 * @throws a {@link BaselineError}
 */
export function readBaseline(file: string): BaselineSite[] {
  const found = readBaselineFile(file)
  if (typeof found === 'string')
    throw unusable(file, found, 'write it with "cursorleak baseline", or remove the option')
  // Nobody has looked at it yet, and a check that took both sides would hide that.
  if (found.conflict === undefined) return found.sites
  const toDo = 'resolve it (every line of both sides may stay), or run "cursorleak baseline" again'
  throw unusable(file, `has a merge conflict in line ${found.conflict}`, toDo)
}

/** What a file holds, or what is wrong with it, to go on behind its name. */
export function readBaselineFile(file: string): BaselineText | string {
  try {
    return parseBaseline(readFile(file, MAX_BYTES))
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    return error.message
  }
}

const unusable = (file: string, problem: string, toDo: string): BaselineError =>
  new BaselineError(`cursorleak: the baseline ${printable(file)} ${problem}; ${toDo}`)

/** The file's text: sorted, one site a line, so that a review shows what came and went. */
export function baselineText(found: ReadonlyArray<BaselineSite & { place?: string }>): string {
  const places = new Map<string, Set<string>>()
  for (const { place = '', ...site } of found) {
    const key = keyOf(site)
    places.set(key, (places.get(key) ?? new Set()).add(place))
  }
  const lines = [...places].map(([key, { size }]) => `  ${key.slice(0, -1)},"count":${size}}`).sort()
  return `{ "version": 2, "sites": [\n${lines.join(',\n')}\n] }\n`
}

/** What makes a site one, as JSON. */
export const keyOf = ({ code = '', ...site }: BaselineSite): string =>
  JSON.stringify({ ...Object.fromEntries(FIELDS.map((name) => [name, site[name]])), code })

/** Undefined for a leak that no stack places: it can't be told from others, so it is never known. */
export function siteOfLeak(
  { kind, operation, namespace, createdAt }: Leak,
  baseline: string,
): BaselineSite | undefined {
  if (!createdAt) return undefined
  const file = path.relative(path.dirname(path.resolve(baseline)), createdAt.file).replaceAll('\\', '/')
  return { kind, operation, namespace, file, function: createdAt.function, code: lineOf(createdAt) ?? '' }
}

/** While a baseline is being written: notes the leak as one line; workers append to the same file. */
export function note(leak: Leak, lines: string, baseline: string): void {
  const site = siteOfLeak(leak, baseline)
  if (site) append(lines, `${JSON.stringify({ ...site, place: placeOf(leak) })}\n`)
}

/** Tells apart two places that have everything else in common. */
export const placeOf = ({ createdAt }: Leak): string => `${createdAt?.line}:${createdAt?.column}`

/** Set by `cursorleak baseline` for its command: the file into which all processes write what they find. */
export const linesFile = (): string | undefined => process.env.CURSORLEAK_BASELINE_LINES || undefined

/** While a baseline is being written: notes that somebody looks at all, as an empty line. */
export function noteChecked(): void {
  const lines = linesFile()
  if (lines !== undefined) append(lines, '\n')
}

function append(lines: string, text: string): void {
  try {
    appendFileSync(lines, text)
  } catch (error) {
    throw new BaselineError(
      `cursorleak: what is found can't be left for "cursorleak baseline" in ${printable(lines)} (${codeOf(error)}); ` +
        'does something empty the temporary folder?',
    )
  }
}
