import { state } from '../state.ts'

/**
 * Whether `await using` works for this object: its driver's version has to bring the method, and the realm it was loaded
 * in has to know the symbol (a context of Jest 29 does not).
 */
export function isDisposable(target: object): boolean {
  const symbol = (Symbol as { asyncDispose?: symbol }).asyncDispose
  return symbol !== undefined && typeof (target as Record<symbol, unknown>)[symbol] === 'function'
}

/** In a running app nobody waits for a test's end. */
export const isInTests = (): boolean => state().app === undefined

/** The way of closing that works in every version. */
export const FINALLY = '`try { … } finally { await cursor.close() }`'

/** How a cursor that its user holds is closed. Without `await` behind `return` either way closes it too early. */
export const closingOf = (target: object): string =>
  isDisposable(target)
    ? `\`await using cursor = …\` (then \`return await …\`, not \`return …\`), or ${FINALLY}`
    : FINALLY

/** For what a generator of the user's has opened: a `finally` of its own runs only when it is ended. */
export const FIX_GENERATOR =
  'close it in a `finally` of the generator that made it, and end that generator: leave its `for await` by `break` or `return`, or `await generator.return()`'

/** For what is read by an iterator that can be left early: closing is that iterator's part. */
export const FIX_ITERATOR =
  'end the iterator that reads it, which closes it: leave its `for await` by `break` or `return`, or `await iterator.return()`'
