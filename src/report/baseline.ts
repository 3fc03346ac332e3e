import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Leak } from './leak.ts'
import { printable } from './printable.ts'

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

const WHAT_TO_DO = 'write it with "cursorleak baseline", or remove the option'

/** Reads a baseline file. */
export function readBaseline(file: string): BaselineSite[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new BaselineError(
      `cursorleak: the baseline ${printable(file)} can't be read (${codeOf(error)}); ${WHAT_TO_DO}`,
    )
  }
  const sites = parseSites(text)
  if (!sites)
    throw new BaselineError(
      `cursorleak: the baseline ${printable(file)} is no baseline file of cursorleak; ${WHAT_TO_DO}`,
    )
  return sites
}

function parseSites(text: string): BaselineSite[] | undefined {
  try {
    const { version, sites } = JSON.parse(text) as { version?: unknown; sites?: unknown }
    return version === 1 && Array.isArray(sites) && sites.every(isSite) ? sites : undefined
  } catch {
    // Not JSON: the caller says so, with the file's name.
    return undefined
  }
}

const FIELDS = ['kind', 'operation', 'namespace', 'file', 'function'] as const
const isSite = (value: unknown): value is BaselineSite =>
  typeof value === 'object' &&
  value !== null &&
  FIELDS.every((name) => typeof (value as BaselineSite)[name] === 'string')

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

/** While a baseline is being written: notes the leak as one line; workers append to the same file. */
export function note(leak: Leak, lines: string, baseline: string): void {
  const site = siteOfLeak(leak, baseline)
  if (site) appendFileSync(lines, `${keyOf(site)}\n`)
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? error)
