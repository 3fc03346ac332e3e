import { type AnyFunction, disguise } from './patch.ts'

/**
 * Driver 4 takes callbacks too (mongoose 6 reads that way). A promise of ours then stands for the call: pending while it
 * is in flight, and fulfilled with the answer where that says the end, so that both forms are judged alike.
 */
export function watchCallback(args: unknown[]): { args: unknown[]; operation?: Promise<unknown> } {
  const callback = args.at(-1)
  if (typeof callback !== 'function') return { args }
  let answered = (_answer: unknown): void => {}
  const operation = new Promise<unknown>((resolve) => {
    answered = resolve
  })
  const original = callback as AnyFunction
  const watched = disguise(function (this: unknown, ...results: unknown[]) {
    const [, answer] = results
    // Never the document itself: nothing of it is to be kept, and one with a `then` would be called.
    answered(answer === null || answer === false ? answer : undefined)
    return original.apply(this, results)
  }, original)
  return { args: [...args.slice(0, -1), watched], operation }
}
