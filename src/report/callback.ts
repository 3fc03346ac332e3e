/** Whether somebody's function has answered with a promise, of whatever kind, instead of with a value. */
export function isThenable(answer: unknown): answer is PromiseLike<unknown> {
  return (
    ((typeof answer === 'object' && answer !== null) || typeof answer === 'function') &&
    typeof (answer as { then?: unknown }).then === 'function'
  )
}

/** Hears of the rejection of a promise that nobody waits for: one that nobody handles would end the process. */
export function catchLate(answer: unknown, threw: (error: unknown) => void): void {
  if (isThenable(answer)) Promise.resolve(answer).catch(threw)
}
