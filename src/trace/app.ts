import { type LightStore, newLightStore } from './light.ts'
import type { LiveRecord } from './record.ts'
import { newSampler, type Sampler } from './sample.ts'

/** What is kept besides the records while a running app is traced, not a test file. */
export interface App {
  store: LightStore
  sampler: Sampler
  /** Every object that was seen being built, also those that are not judged by themselves. */
  known: WeakSet<object>
  /** Clients built so far, by creation stack. */
  clients: Map<string, number>
  /** Leaks that were told and are watched for their close. */
  reported: Set<WeakRef<LiveRecord>>
  /** Take back what the running app was given: timers, listeners. */
  stops: Array<() => void>
  /** A leak that was reported has been closed since. */
  returned(record: LiveRecord): void
}

export const newApp = (returned: (record: LiveRecord) => void): App => ({
  store: newLightStore(),
  sampler: newSampler(),
  known: new WeakSet(),
  reported: new Set(),
  stops: [],
  clients: new Map(),
  returned,
})
