import type { BaselineSite } from './baseline.ts'

/** What a baseline file holds, and where two branches were merged into it. */
export interface BaselineText {
  sites: BaselineSite[]
  /** The line of the first merge marker, from 1. */
  conflict?: number
}

/** What git and others write into a file where two branches changed the same lines. */
const MARKER = /^(<{7}|\|{7}|={7}|>{7})(?:\s|$)/

/**
 * Reads a baseline's text. Where two branches were merged into it the sites of both count: each stands on a line of its own.
 * @returns what is wrong with it, to go on behind the file's name, where it can't be used
 */
export function parseBaseline(text: string): BaselineText | string {
  // Some editors begin a file with a byte order mark.
  const bare = text.replace(/^\ufeff/, '')
  if (bare.trim() === '') return 'is empty'
  const lines = bare.split(/\r?\n/)
  const conflict = lines.findIndex((line) => MARKER.test(line)) + 1
  const sites = sitesOf(conflict > 0 ? bothSides(lines) : bare)
  if (typeof sites === 'string') return sites
  return conflict === 0 ? { sites } : { sites, conflict }
}

function sitesOf(text: string): BaselineSite[] | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own sentence differs by version and shows a piece of the text.
    return /^\s*\{\s*"version"/.test(text) ? 'is cut off or broken: it is no JSON' : 'is no baseline file of cursorleak'
  }
  const { version, sites } = (value ?? {}) as { version?: unknown; sites?: unknown }
  if (typeof version === 'number' && version !== 1 && version !== 2)
    return 'was written by another version of cursorleak'
  return version && Array.isArray(sites) && sites.every(isSite) ? sites : 'is no baseline file of cursorleak'
}

/** The lines of both branches, without the markers and what both had before. */
function bothSides(lines: readonly string[]): string {
  let isBefore = false
  const kept = lines.filter((line) => {
    const [, marker = ''] = MARKER.exec(line) ?? []
    if (marker) isBefore = marker.startsWith('|')
    return marker === '' && !isBefore
  })
  // The last site of a list has no comma behind it, and may stand in the middle now.
  return kept.map((line, i) => (/\}\s*$/.test(line) && /^\s*\{/.test(kept[i + 1] ?? '') ? `${line},` : line)).join('\n')
}

export const FIELDS = ['kind', 'operation', 'namespace', 'file', 'function'] as const
const isSite = (value: unknown): value is BaselineSite => {
  if (typeof value !== 'object' || value === null) return false
  const { code, count, ...site } = value as Partial<BaselineSite>
  if (code !== undefined && typeof code !== 'string') return false
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) return false
  return FIELDS.every((name) => typeof site[name] === 'string')
}
