import { type LightStore, newLightStore } from './light.ts'
import type { LiveRecord } from './record.ts'
import { newSampler, type Sampler } from './sample.ts'

/** What is kept besides the records while a running app is traced, not a test file. */
export interface App {
  store: LightStore
  sampler: Sampler
  /** Every object that was seen being built, also those that are not judged by themselves. */
  known: WeakSet<object>
  /** A leak that was reported has been closed since. */
  returned(record: LiveRecord): void
}

export const newApp = (returned: (record: LiveRecord) => void): App => ({
  store: newLightStore(),
  sampler: newSampler(),
  known: new WeakSet(),
  returned,
})
