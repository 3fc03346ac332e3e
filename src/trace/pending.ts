import { inspect, types } from 'node:util'
import { longToBigInt } from './fields.ts'

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

/** No text of the value's own, and nothing of what a program has made the default. */
const PLAIN = {
  ...{ customInspect: false, maxArrayLength: 0, maxStringLength: 0, showHidden: false, showProxy: false },
  ...{ colors: false, getters: false, sorted: false, numericSeparator: false, breakLength: 80, compact: 3 as const },
}

function peek(value: unknown, depth = 0): string {
  return types.isPromise(value) ? inspect(value, { ...PLAIN, depth }) : ''
}

/** Below the promise, its reply and the reply's cursor: an id that is an object. */
const DEPTH_OF_ID = 3
const ID = /\bcursor: \{(?:[^{}]|\{[^{}]*\})*?\bid: (?:(-?\d+)n?[\s,}]|[\w$]+ \{([^{}]*)\})/

/**
 * The id of the cursor in a command's reply, as long as that is what the promise was fulfilled with; `pending` before. A
 * reaction on it would cut the stack of whoever awaits it.
 */
export function cursorIdIn(reply: unknown): bigint | 'pending' | undefined {
  const text = peek(reply, DEPTH_OF_ID)
  if (/^[^{]*\{\s+<pending>/.test(text)) return 'pending'
  if (/^[^{]*\{\s+<rejected>/.test(text)) return undefined
  const [, number, long] = ID.exec(text) ?? []
  if (number !== undefined) return BigInt(number)
  if (long === undefined) return undefined
  const part = (name: string): number => Number(RegExp(`\\b${name}: (-?\\d+)`).exec(long)?.[1] ?? Number.NaN)
  const [low, high] = [part('low'), part('high')]
  return Number.isInteger(low) && Number.isInteger(high) ? longToBigInt({ low, high }) : undefined
}
