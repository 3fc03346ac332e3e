import { channel } from 'node:diagnostics_channel'
import { now } from '../clock.ts'
import { options } from '../options.ts'
import type { Leak } from '../report/leak.ts'
import type { TracedLeak } from '../report/traced.ts'
import { guard, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { collect } from './collect.ts'
import { recordsOf } from './sites.ts'

const leakChannel = channel('cursorleak:leak')

/** Somebody is told of each leak: `onLeak`, or a subscriber of the diagnostics channel `cursorleak:leak`. */
export const hasListener = (): boolean => options().onLeak !== undefined || leakChannel.hasSubscribers

/** Hands one leak to `onLeak` and to the channel. */
export function announce(leak: Leak): void {
  const { onLeak } = options()
  if (onLeak) {
    try {
      onLeak(leak)
    } catch (error) {
      sayOnce(`the option onLeak threw: ${String(error)}`)
    }
  }
  if (leakChannel.hasSubscribers) guard('publishing a leak', () => leakChannel.publish(leak))
}

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
