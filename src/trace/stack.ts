import { NativeError } from '../native.ts'
import { frameLines } from '../report/stack-frame.ts'
import { withOwnNames } from './call-sites.ts'
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
  let limit: number | undefined
  try {
    limit = NativeError.stackTraceLimit
    NativeError.stackTraceLimit = depth
  } catch {
    // Frozen, or not to be set: as many frames as there are by default.
    limit = undefined
  }
  try {
    NativeError.captureStackTrace(holder, from)
  } catch {
    // Not there, or replaced by one that throws: what is built now is told without its line.
  }
  if (limit !== undefined) putBack(limit)
  return holder
}

function putBack(limit: number): void {
  try {
    NativeError.stackTraceLimit = limit
  } catch {
    // Its setter took one value and not the other: nothing of it can be mended here.
  }
}

/**
 * The text of a captured stack; undefined where there is none. `Error.prepareStackTrace` of the user's may have made call
 * sites or any other value of it, or may throw: no stack is worth a verdict.
 */
export function stackText(trace: Trace): string | undefined {
  try {
    let first: unknown
    const stack = withOwnNames(() => (first = trace.stack))
    if (stack !== first) put(trace, stack)
    if (typeof stack === 'string' || stack === undefined) return stack
    return Array.isArray(stack) ? ['Error', ...stack.map((site) => `    at ${String(site)}`)].join('\n') : ''
  } catch {
    return ''
  }
}

/** A stack is formatted once: whoever reads it next finds what was made of it. */
function put(trace: { stack?: unknown }, stack: unknown): void {
  try {
    trace.stack = stack
  } catch {
    // Made of several: each of these has its own by now.
  }
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
      return traces.map((trace) => stackText(trace) ?? '').find((stack) => frameLines(stack).length > 0) ?? ''
    },
  }
}

/**
 * A wrapper of ours is one line in the stacks of errors that are made below it, until the driver first waits. Where only
 * ten lines are kept, the user's own may be the one that falls off: so there is room for one more meanwhile.
 * @returns what {@link giveBack} takes, in a `finally`: undefined where nothing was changed
 */
export function makeRoom(): number | undefined {
  try {
    const limit: unknown = NativeError.stackTraceLimit
    if (typeof limit !== 'number') return undefined
    NativeError.stackTraceLimit = limit + 1
    return limit
  } catch {
    // Frozen, or its getter throws: the stack stays as short as they want it, and the call is theirs.
    return undefined
  }
}

/** Puts the limit back, unless the code that was called has set one of its own. */
export function giveBack(limit: number | undefined): void {
  if (limit === undefined) return
  try {
    if (NativeError.stackTraceLimit === limit + 1) NativeError.stackTraceLimit = limit
  } catch {
    // Frozen meanwhile, by the code that was called.
  }
}
