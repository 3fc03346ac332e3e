import timers from 'node:timers'

// Taken when the module loads: fake timers of a runner replace the properties later, not these functions.
const setTimer = timers.setTimeout
const clearTimer = timers.clearTimeout
const setRepeating = timers.setInterval
const clearRepeating = timers.clearInterval
const hrtime = process.hrtime.bigint.bind(process.hrtime)

/** Milliseconds on a monotonic clock that no fake timer moves. */
export const now = (): number => Number(hrtime() / 1000n) / 1000

/** Waits in real time, whatever the test did to its timers. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimer(resolve, ms))

/**
 * Waits for `work`, but no longer than `ms` milliseconds of real time: `undefined` then. Leaves no timer behind, which
 * would keep a process alive that has nothing else to do.
 */
export function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimer(() => resolve(undefined), ms)
    work.then(resolve, reject).finally(() => clearTimer(timer))
  })
}

/**
 * Waits for what is on its way: doubling waits up to `ms` in all, in real time. 0 does not wait.
 * @param isOnItsWay asked before each wait and behind the last
 */
export async function untilRest(ms: number, isOnItsWay: () => boolean | Promise<boolean>): Promise<void> {
  let spent = 0
  for (let wait = 1; (await isOnItsWay()) && spent < ms; wait *= 2) {
    const pause = Math.min(wait, ms - spent)
    await sleep(pause)
    spent += pause
  }
}

/** Calls once, later in real time, without keeping the process alive. */
export const later = (ms: number, call: () => void): void => void setTimer(call, ms).unref()

/** Calls again and again in real time, without keeping the process alive; returns what stops it. */
export function every(ms: number, call: () => void): () => void {
  const timer = setRepeating(call, ms).unref()
  return () => clearRepeating(timer)
}
