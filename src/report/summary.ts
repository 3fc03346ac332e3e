import { siteText } from './frames.ts'
import type { Leak, LeakKind } from './leak.ts'
import { printable } from './printable.ts'

/** What a whole run found, over all its tests. */
export interface Totals {
  leaks: readonly Leak[]
  /** Cursors and change streams that were built. */
  seen: number
  /** Milliseconds that all checks took. */
  ms: number
}

interface Place {
  kind: LeakKind
  site: string
  what: string
  count: number
  tests: Set<string>
}

const ONE: Record<LeakKind, string> = {
  cursor: 'cursor',
  changeStream: 'change stream',
  session: 'session',
  client: 'client',
}

/** The end of a run as lines of text: what leaked by creation site, most first, and what the checks cost. Empty when nothing was seen. */
export function summary({ leaks, seen, ms }: Totals): string[] {
  if (seen === 0 && leaks.length === 0) return []
  const cost = `the checks took ${Math.round(ms)} ms`
  const failed = places(leaks.filter((leak) => leak.level === 'fail'))
  const warned = places(leaks.filter((leak) => leak.level !== 'fail'))
  if (failed.length + warned.length === 0) return [`${plural(seen, 'cursor')} seen, none leaked; ${cost}`]
  const lines: string[] = []
  if (failed.length > 0) lines.push(`${headline(failed)}; ${cost}`, ...failed.map(line))
  if (warned.length > 0) {
    lines.push(`${headline(warned)}, only warned about${failed.length > 0 ? '' : `; ${cost}`}`, ...warned.map(line))
  }
  return lines
}

function places(leaks: readonly Leak[]): Place[] {
  const found = new Map<string, Place>()
  for (const leak of leaks) {
    const site = leak.createdAt ? siteText(leak.createdAt) : 'a place that no stack shows'
    const what = `${leak.operation}${leak.namespace ? ` on ${printable(leak.namespace)}` : ''}`
    // Not by the function's name, which the engine prints differently by how it was called.
    const { file, line, column } = leak.createdAt ?? {}
    const key = [leak.kind, what, file, line, column].join('\0')
    const place = found.get(key) ?? { kind: leak.kind, site, what, count: 0, tests: new Set<string>() }
    found.set(key, place)
    place.count += leak.count
    if (leak.test !== undefined) place.tests.add(leak.test)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

/** `37 cursors and 1 session from 3 places`. */
function headline(list: readonly Place[]): string {
  const counts = (Object.keys(ONE) as LeakKind[]).flatMap((kind) => {
    const count = list.filter((place) => place.kind === kind).reduce((sum, place) => sum + place.count, 0)
    return count > 0 ? [plural(count, ONE[kind])] : []
  })
  const sites = new Set(list.map((place) => place.site)).size
  return `${counts.join(', ').replace(/, ([^,]*)$/, ' and $1')} from ${plural(sites, 'place')}`
}

const line = ({ count, what, site, tests }: Place): string =>
  `  ${count} × ${what}, created at ${site}${tests.size > 1 ? ` in ${tests.size} tests` : ''}`

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
