import { inspect, types } from 'node:util'

// In a process with async hooks a promise has own symbols: then the value is followed by a comma, and by line breaks.

/**
 * Whether a promise is unsettled, without a handler on it: a handler would mark the user's rejection as handled and
 * shift the order of microtasks. `util.inspect` is the one public, synchronous way to see a promise's state.
 */
export const isPending = (value: unknown): boolean => /^[^{]*\{\s+<pending>/.test(peek(value))

/** Whether a promise was fulfilled with `null` or `false`: the answer of `next()` and `hasNext()` at the end. */
export const isAtEnd = (value: unknown): boolean => /^[^{]*\{\s+(null|false)\s*[,}]/.test(peek(value))

/** Whether a promise was rejected. */
export const isRejected = (value: unknown): boolean => /^[^{]*\{\s+<rejected>/.test(peek(value))

function peek(value: unknown): string {
  if (!types.isPromise(value)) return ''
  return inspect(value, { depth: 0, customInspect: false, maxArrayLength: 0, maxStringLength: 0, showHidden: false })
}
