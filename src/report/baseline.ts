import { appendFileSync } from 'node:fs'
import path from 'node:path'
import { type BaselineText, FIELDS, parseBaseline } from './baseline-text.ts'
import type { Leak } from './leak.ts'
import { printable } from './printable.ts'
import { readFile, UnreadableError } from './read-file.ts'

/** A known leak: told by where it is created and what it is, without the line, which moves with every edit. */
export interface BaselineSite {
  kind: string
  operation: string
  namespace: string
  /** Relative to the baseline file, with forward slashes. */
  file: string
  function: string
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
export function baselineText(sites: readonly BaselineSite[]): string {
  const lines = [...new Set(sites.map(keyOf))].sort()
  return `{ "version": 1, "sites": [\n${lines.map((line) => `  ${line}`).join(',\n')}\n] }\n`
}

export const keyOf = (site: BaselineSite): string =>
  JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, site[name]])))

/** Undefined for a leak that no stack places: it can't be told from others, so it is never known. */
export function siteOfLeak(leak: Leak, baseline: string): BaselineSite | undefined {
  if (!leak.createdAt) return undefined
  const file = path.relative(path.dirname(path.resolve(baseline)), leak.createdAt.file).replaceAll('\\', '/')
  const { kind, operation, namespace } = leak
  return { kind, operation, namespace, file, function: leak.createdAt.function }
}

let cache: { file: string; known: Set<string> } | undefined

/** Whether the baseline knows this leak. */
export function isKnown(leak: Leak, file: string): boolean {
  if (cache?.file !== file) cache = { file, known: new Set(readBaseline(file).map(keyOf)) }
  const site = siteOfLeak(leak, file)
  return site !== undefined && cache.known.has(keyOf(site))
}

/** Set by `cursorleak baseline` for its command: the file into which all processes write what they find. */
export const linesFile = (): string | undefined => process.env.CURSORLEAK_BASELINE_LINES || undefined

/** While a baseline is being written: notes that somebody looks at all, as an empty line. */
export function noteChecked(): void {
  const lines = linesFile()
  if (lines !== undefined) appendFileSync(lines, '\n')
}

/** While a baseline is being written: notes the leak as one line; workers append to the same file. */
export function note(leak: Leak, lines: string, baseline: string): void {
  const site = siteOfLeak(leak, baseline)
  if (site) appendFileSync(lines, `${keyOf(site)}\n`)
}
