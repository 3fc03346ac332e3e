import { now } from '../clock.ts'
import type { LeakKind, LeakState } from '../report/leak.ts'
import { guard } from '../say.ts'
import type { LiveRecord } from './record.ts'
import type { Verdict } from './resources/resource.ts'
import { stackText, type Trace } from './stack.ts'

/**
 * What we hold of an object in a running app: enough to report it after the collector has taken it, and nothing that
 * keeps the object, its client or its creator's closures alive.
 */
export interface Light {
  /** The record holds the object; only the object itself holds the record. */
  ref: WeakRef<LiveRecord>
  kind: LeakKind
  trace: Trace
  builtAt: number
  usedAt: number
  /** True from a use until the next look: what is noted below may be out of date. */
  dirty: boolean
  /** What the last look found; undefined before it. */
  seen?: Seen
}

/** Plain data of a look at an object that was neither ended nor in use. */
export interface Seen {
  state: LeakState
  namespace: string
  operation: string
  fix: string
  cursorId?: string | undefined
  documentsRead?: number | undefined
  started?: number | undefined
  asked?: true
}

/** Of a verdict what can be told when nothing else is left. */
export const seenOf = (verdict: Verdict): Seen => {
  const { state, namespace, operation, fix, cursorId, documentsRead, started, asked } = verdict
  return { state, namespace, operation, fix, cursorId, documentsRead, started, ...(asked ? { asked } : {}) }
}

/** Objects of one site that the collector took while the server held them. */
export interface Collected extends Seen {
  kind: LeakKind
  trace: Trace
  count: number
  /** How many of them a report has told. */
  told: number
  oldestAt: number
  usedAt: number
}

/** All weakly held objects of a running app. */
export interface LightStore {
  entries: Set<Light>
  dirty: Set<Light>
  collected: Map<string, Collected>
  registry: FinalizationRegistry<Light>
}

/** Sites and namespaces remembered of collected objects; further ones are only counted. */
const MAX_COLLECTED = 1_000

export function newLightStore(): LightStore {
  const store: LightStore = {
    entries: new Set(),
    dirty: new Set(),
    collected: new Map(),
    registry: new FinalizationRegistry((light) => guard('noting a collected object', () => collect(store, light))),
  }
  return store
}

/** Starts holding a record weakly; a second time (after `rewind()`) it is held anew. */
export function hold(store: LightStore, record: LiveRecord): void {
  let light = record.light
  if (!light) {
    const { kind, trace, builtAt } = record
    light = { ref: new WeakRef(record), kind, trace, builtAt, usedAt: record.usedAt ?? builtAt, dirty: true }
    record.light = light
  }
  if (store.entries.has(light)) return
  store.entries.add(light)
  touch(store, light)
  store.registry.register(record, light, light)
}

/** Drops all that is held of a record that ended. */
export function release(store: LightStore, light: Light): void {
  store.entries.delete(light)
  store.dirty.delete(light)
  store.registry.unregister(light)
}

/** Notes a use: what the last look found is out of date. */
export function touch(store: LightStore, light: Light): void {
  light.dirty = true
  store.dirty.add(light)
}

/**
 * Looks at what was used since the last look, and drops what has ended without a call that told us (drained cursors).
 * Called every second: between two looks nothing can be read from an object that is gone.
 */
export function look(store: LightStore): void {
  for (const light of store.dirty) {
    const record = light.ref.deref()
    if (record) guard('looking at an object', () => lookAt(store, light, record))
  }
}

/** One look: a client that closes has it looked at before the driver lets go of it. */
export function lookAt(store: LightStore, light: Light, record: LiveRecord): void {
  const verdict = record.resource.judge(record)
  if (!verdict) {
    release(store, light)
    return
  }
  light.usedAt = record.usedAt ?? light.usedAt
  light.trace = record.trace
  light.builtAt = record.builtAt
  light.seen = seenOf(verdict)
  if (verdict.state === 'busy') return
  light.dirty = false
  store.dirty.delete(light)
}

const HELD: ReadonlySet<LeakState> = new Set(['open', 'lost', 'swept', 'unkilled'])

/** Only what was certainly held by the server is a leak: a use after the last look may have ended it. */
function collect(store: LightStore, light: Light): void {
  store.entries.delete(light)
  store.dirty.delete(light)
  const { seen, dirty, kind, trace, builtAt, usedAt } = light
  if (dirty || !seen || !HELD.has(seen.state)) return
  noteCollected(store, { kind, trace, builtAt, usedAt }, seen)
}

type Gone = Pick<LiveRecord, 'kind' | 'trace' | 'builtAt' | 'usedAt' | 'reportedAt'>

/** Counts one that is held no more, by its line. */
export function noteCollected(
  store: LightStore,
  { kind, trace, builtAt, usedAt = builtAt, reportedAt }: Gone,
  seen: Seen,
): void {
  const key = [
    kind,
    seen.state,
    stackText(trace) ?? '',
    seen.namespace,
    seen.operation,
    seen.started !== undefined,
    seen.asked,
  ].join('\0')
  const told = reportedAt === undefined ? 0 : 1
  const known = store.collected.get(key)
  if (known) {
    known.count++
    known.told += told
    known.usedAt = Math.max(known.usedAt, usedAt)
  } else if (store.collected.size < MAX_COLLECTED) {
    store.collected.set(key, { ...seen, kind, trace, count: 1, told, oldestAt: builtAt, usedAt })
  }
}

/** Milliseconds since it was used last, or built. */
export const idleFor = ({ usedAt, builtAt }: Pick<LiveRecord, 'usedAt' | 'builtAt'>): number =>
  now() - (usedAt ?? builtAt)
