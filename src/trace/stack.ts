import type { AnyFunction } from './patch.ts'

/** Holds a captured stack. Reading `stack` formats it, which costs more than the capture: only for what is reported. */
export interface Trace {
  readonly stack?: string
}

/**
 * Captures the stack above `from` (the constructor or wrapper being called; without it the whole), without formatting it.
 * The limit is raised around the capture only: Jest 28 and plain Node keep 10 frames, too few below a driver.
 */
export function capture(from: AnyFunction | undefined, depth: number): Trace {
  const holder: Trace = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  Error.captureStackTrace(holder, from)
  Error.stackTraceLimit = limit
  return holder
}

/**
 * Captures the stack above the first of these functions that is being called: `MongoClient.connect`, else the
 * constructor. V8 gives no frame at all above a function that is not on the stack, and only reading it tells.
 */
export function captureAbove(from: readonly AnyFunction[], depth: number): Trace {
  const [only, ...others] = from
  if (only && others.length === 0) return capture(only, depth)
  const traces = from.map((one) => capture(one, depth))
  return {
    get stack() {
      return traces.map(({ stack }) => stack ?? '').find((stack) => /\n\s+at /.test(stack)) ?? ''
    },
  }
}

/**
 * A wrapper of ours is one line in the stacks of errors that are made below it, until the driver first waits. Where only
 * ten lines are kept, the user's own may be the one that falls off: so there is room for one more meanwhile.
 * @returns what {@link giveBack} takes, in a `finally`: undefined where nothing was changed
 */
export function makeRoom(): number | undefined {
  const limit: unknown = Error.stackTraceLimit
  if (typeof limit !== 'number') return undefined
  try {
    Error.stackTraceLimit = limit + 1
    return limit
  } catch {
    // Somebody has frozen it: the stack stays as short as they want it.
    return undefined
  }
}

/** Puts the limit back, unless the code that was called has set one of its own. */
export function giveBack(limit: number | undefined): void {
  if (limit !== undefined && Error.stackTraceLimit === limit + 1) Error.stackTraceLimit = limit
}
