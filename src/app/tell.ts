import { now } from '../clock.ts'
import { announce } from '../report/announce.ts'
import type { TracedLeak } from '../report/traced.ts'
import { state } from '../state.ts'
import { collect } from './collect.ts'
import { recordsOf } from './sites.ts'

/** Announces what no report has told yet, and remembers it as told. */
export function tellNew(olderThanMs: number, idleMs: number): TracedLeak[] {
  const current = state()
  const { leaks } = collect({ idleMs, untoldOlderThanMs: olderThanMs })
  for (const leak of leaks) {
    for (const record of recordsOf.get(leak) ?? []) {
      record.reportedAt = now()
      record.told = leak.namespace ? `${leak.operation} on ${leak.namespace}` : leak.operation
      current.app?.reported.add(new WeakRef(record))
    }
    announce(leak)
  }
  for (const one of current.app?.store.collected.values() ?? []) one.told = one.count
  return leaks
}
