import { siteText } from './frames.ts'
import { sharedHosts } from './group.ts'
import type { Leak, LeakKind } from './leak.ts'
import { ONE, plural } from './message.ts'
import { printable } from './printable.ts'

/** A leak and the test file that found it. */
export interface FoundLeak extends Leak {
  file?: string
}

/** What a whole run found, over all its tests. */
export interface Totals {
  leaks: readonly FoundLeak[]
  /** Cursors and change streams that were built. */
  seen: number
  /** Milliseconds that all checks took. */
  ms: number
  /** A worker goes on that has something to judge at its end. */
  waits?: boolean
}

interface Place {
  kind: LeakKind
  site: string
  operation: string
  namespace: string
  count: number
  tests: Set<string>
  files: Set<string>
}

/** The end of a run as lines of text: what leaked by creation site, most first, and what the checks cost. Empty when nothing was seen. */
export function summary({ leaks, seen, ms, waits }: Totals): string[] {
  if (seen === 0 && leaks.length === 0) return []
  const cost = `the checks took ${Math.round(ms)} ms`
  const failed = places(leaks.filter((leak) => leak.level === 'fail'))
  const warned = places(leaks.filter((leak) => leak.level !== 'fail'))
  const looked = plural(seen, 'cursor')
  if (failed.length + warned.length === 0)
    return [`${looked} seen, none leaked${waits ? ' so far: a worker has more to check when it ends' : ''}; ${cost}`]
  const lines: string[] = []
  if (failed.length > 0) lines.push(`${headline(failed)}; ${looked} seen, ${cost}`, ...failed.map(line))
  if (warned.length > 0) {
    const seenToo = failed.length > 0 ? '' : `; ${looked} seen, ${cost}`
    lines.push(`${headline(warned)}, only warned about${seenToo}`, ...warned.map(line))
  }
  return lines
}

/** What workers found when they ended, behind the end of the run: it can only be warned about. */
export function lateSummary(leaks: readonly FoundLeak[]): string[] {
  const found = places(leaks)
  return found.length === 0
    ? []
    : [`${headline(found)} found when the workers ended, only warned about`, ...found.map(line)]
}

function places(leaks: readonly FoundLeak[]): Place[] {
  const found = new Map<string, Place>()
  for (const leak of leaks) {
    const site = leak.createdAt ? siteText(leak.createdAt) : 'a place that no stack shows'
    // Of a client or session this is its server's address: a place is one place, whatever the port.
    const isHost = leak.kind === 'client' || leak.kind === 'session'
    // Not by the function's name, which the engine prints differently by how it was called.
    const { file, line, column } = leak.createdAt ?? {}
    const key = [leak.kind, leak.operation, isHost ? '' : leak.namespace, file, line, column].join('\0')
    const place = found.get(key) ?? {
      kind: leak.kind,
      site,
      operation: leak.operation,
      count: 0,
      tests: new Set<string>(),
      files: new Set<string>(),
      namespace: leak.namespace,
    }
    found.set(key, place)
    place.count += leak.count
    if (leak.test !== undefined) place.tests.add(leak.test)
    if (leak.file) place.files.add(leak.file)
    place.namespace = sharedHosts(place.namespace, leak.namespace)
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

function line({ kind, count, operation, namespace, site, tests, files }: Place): string {
  const many = kind === 'client' ? ([files.size, 'files'] as const) : ([tests.size, 'tests'] as const)
  const where = many[0] > 1 ? ` in ${many.join(' ')}` : ''
  return `  ${count} × ${operation}${namespace ? ` on ${printable(namespace)}` : ''}, created at ${site}${where}`
}
