import { channel } from 'node:diagnostics_channel'
import { options } from '../options.ts'
import { errorText, guard, sayOnce } from '../say.ts'
import { catchLate } from './callback.ts'
import { copyOf } from './copy.ts'
import type { Leak } from './leak.ts'

const leakChannel = channel('cursorleak:leak')

/** Somebody is told of each leak: `onLeak`, or a subscriber of the diagnostics channel `cursorleak:leak`. */
export const hasListener = (): boolean => options().onLeak !== undefined || leakChannel.hasSubscribers

/** Hands one leak to `onLeak` and to the channel. */
export function announce(leak: Leak): void {
  const { onLeak } = options()
  if (onLeak) {
    const threw = (error: unknown): void => sayOnce(`the option onLeak threw: ${errorText(error)}`)
    try {
      // An async callback: nobody else waits for it, and a rejection that nobody handles ends the process.
      catchLate(onLeak(copyOf(leak)), threw)
    } catch (error) {
      threw(error)
    }
  }
  if (leakChannel.hasSubscribers) guard('publishing a leak', () => leakChannel.publish(copyOf(leak)))
}
