import { toLeak } from '../check/judge.ts'
import type { TracedLeak } from '../report/traced.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Bucket } from './evidence.ts'

/** The live records behind a leak's data: marked once it is told. */
export const recordsOf = new WeakMap<TracedLeak, LiveRecord[]>()

/** One leak a creation site; what has no stack is counted with the one site that makes the same, where there is one. */
export function bySite(buckets: readonly Bucket[]): TracedLeak[] {
  const sites = new Map<string, TracedLeak>()
  for (const bucket of buckets) {
    const { idleMs, notSampled, collected, count } = bucket
    const leak: TracedLeak = { ...toLeak(bucket), idleMs: Math.round(idleMs), notSampled, collected, count }
    recordsOf.set(leak, bucket.records)
    const { file, line, column } = leak.createdAt ?? {}
    const note = leak.createdAt ? '' : leak.notes.join()
    add(sites, [kindOf(leak), file, line, column, leak.createdAt ? '' : leak.stack, note].join('\0'), leak)
  }
  const all = [...sites.values()]
  const withStack = all.filter((leak) => leak.stack !== '')
  const rest = all.filter((leak) => {
    if (leak.stack !== '' || leak.notSampled === 0) return false
    const same = withStack.filter((other) => kindOf(other) === kindOf(leak))
    if (same[0] && same.length === 1) merge(same[0], leak)
    return same.length !== 1
  })
  const known = all.filter((leak) => leak.stack === '' && leak.notSampled === 0)
  return [...withStack, ...known, ...rest].sort((a, b) => b.count - a.count || b.ageMs - a.ageMs)
}

const kindOf = ({ kind, state, namespace, operation, asked }: TracedLeak): string =>
  [kind, state, namespace, operation, asked].join('\0')

function add(sites: Map<string, TracedLeak>, key: string, leak: TracedLeak): void {
  const site = sites.get(key)
  if (site) merge(site, leak)
  else sites.set(key, leak)
}

function merge(into: TracedLeak, leak: TracedLeak): void {
  into.count += leak.count
  recordsOf.get(into)?.push(...(recordsOf.get(leak) ?? []))
  into.notSampled += leak.notSampled
  into.collected += leak.collected
  into.ageMs = Math.max(into.ageMs, leak.ageMs)
  into.idleMs = Math.min(into.idleMs, leak.idleMs)
  if (into.documentsRead !== leak.documentsRead) into.documentsRead = undefined
  delete into.cursorId
  into.notes = [...new Set([...into.notes, ...leak.notes])]
}
