import timers from 'node:timers'

// Taken when the module loads: fake timers of a runner replace the properties later, not these functions.
const setTimer = timers.setTimeout
const hrtime = process.hrtime.bigint.bind(process.hrtime)

/** Milliseconds on a monotonic clock that no fake timer moves. */
export const now = (): number => Number(hrtime() / 1000n) / 1000

/** Waits in real time, whatever the test did to its timers. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimer(resolve, ms))
