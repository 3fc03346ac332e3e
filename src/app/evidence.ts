import { type Evidence, levelOf, suspects } from '../check/judge.ts'
import type { LeakLevel } from '../report/leak.ts'
import type { TracedLeak } from '../report/traced.ts'
import type { State } from '../state.ts'
import { type Collected, idleFor } from '../trace/light.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Verdict } from '../trace/resources/resource.ts'
import { stackText } from '../trace/stack.ts'

/** Evidence of equal objects, before their stack is formatted. */
export interface Bucket
  extends Omit<Evidence, 'verdict'>,
    Pick<TracedLeak, 'count' | 'idleMs' | 'notSampled' | 'collected'> {
  verdict: Omit<Verdict, 'waits'>
  waits: boolean
  /** The live records behind it; none for what the collector took. */
  records: LiveRecord[]
}

export interface Gathered {
  buckets: Bucket[]
  inUse: number
}

/**
 * Judges records and puts equal ones together, so that a thousand leaks of one site cost one formatted stack.
 * @param idleMs what was used a shorter time ago counts as in use
 */
export function gather(records: readonly LiveRecord[], idleMs: number): Gathered {
  const buckets = new Map<string, Bucket>()
  let inUse = 0
  for (const { record, verdict, level } of suspects(records)) {
    const idle = idleFor(record)
    // Swept: its client is closed, nobody reads it any more.
    if (verdict.state === 'busy' || (idle < idleMs && verdict.state !== 'swept' && record.kind !== 'client')) {
      inUse++
      continue
    }
    const { kind, trace, note = '' } = record
    const { state, namespace, operation, started } = verdict
    const key = [kind, state, namespace, operation, started !== undefined, note, stackText(trace)].join('\0')
    const sampled = stackText(trace) !== undefined || record.note !== undefined
    const bucket = buckets.get(key)
    if (!bucket) {
      const more = {
        count: 1,
        idleMs: idle,
        notSampled: sampled ? 0 : 1,
        collected: 0,
        waits: verdict.waits === true,
        records: [record],
      }
      buckets.set(key, { record, verdict: { ...verdict }, level, ...more })
    } else {
      bucket.count++
      bucket.records.push(record)
      if (!sampled) bucket.notSampled++
      bucket.idleMs = Math.min(bucket.idleMs, idle)
      if (record.builtAt < bucket.record.builtAt) bucket.record = record
      delete bucket.verdict.cursorId
      if (bucket.verdict.batch !== verdict.batch) delete bucket.verdict.batch
      if (verdict.started !== undefined) bucket.verdict.started = Math.max(verdict.started, bucket.verdict.started ?? 0)
      if (bucket.verdict.documentsRead !== verdict.documentsRead) bucket.verdict.documentsRead = undefined
    }
  }
  return { buckets: [...buckets.values()], inUse }
}

/** What the collector took: only the data is left. */
export function gatherCollected(current: State, at: number, count: (one: Collected) => number): Bucket[] {
  const buckets: Bucket[] = []
  for (const one of current.app?.store.collected.values() ?? []) {
    const left = count(one)
    const record = { kind: one.kind, trace: one.trace, builtAt: one.oldestAt, scope: current.file }
    const level: LeakLevel = levelOf(record, one)
    if (left === 0 || level === 'off') continue
    const { state, namespace, operation, fix, started, asked } = one
    const notSampled = stackText(one.trace) === undefined ? left : 0
    const verdict = {
      state,
      namespace,
      operation,
      fix,
      started,
      ...(asked ? { asked } : {}),
      ...(one.count === 1 ? one : {}),
    }
    const more = {
      count: left,
      idleMs: at - one.usedAt,
      notSampled,
      collected: one.state === 'unkilled' ? 0 : left,
      waits: false,
      records: [],
    }
    buckets.push({ record, verdict, level, ...more })
  }
  return buckets
}
