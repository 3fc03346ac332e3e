import type { AnyFunction } from './patch.ts'

/** Holds a captured stack. Reading `stack` formats it, which costs more than the capture: only for what is reported. */
export interface Trace {
  readonly stack?: string
}

/**
 * Captures the stack above `from` (the constructor or wrapper being called), without formatting it.
 * The limit is raised around the capture only: Jest 28 and plain Node keep 10 frames, too few below a driver.
 */
export function capture(from: AnyFunction, depth: number): Trace {
  const holder: Trace = {}
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  Error.captureStackTrace(holder, from)
  Error.stackTraceLimit = limit
  return holder
}
