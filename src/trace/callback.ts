import { type AnyFunction, disguise } from './patch.ts'

/** Never the document itself: nothing of it is to be kept, and one with a `then` would be called. */
const endOnly = (answer: unknown): unknown => (answer === null || answer === false ? answer : undefined)

/**
 * Driver 4 takes callbacks too (mongoose 6 reads that way). A promise of ours then stands for the call: pending while it
 * is in flight, and fulfilled with what is kept of the answer, so that both forms are judged alike.
 * @param kept by default the answer where that says the end
 */
export function watchCallback(
  args: unknown[],
  kept: (answer: unknown) => unknown = endOnly,
): { args: unknown[]; operation?: Promise<unknown> } {
  const callback = args.at(-1)
  if (typeof callback !== 'function') return { args }
  let answered = (_answer: unknown): void => {}
  const operation = new Promise<unknown>((resolve) => {
    answered = resolve
  })
  const original = callback as AnyFunction
  const watched = disguise(function (this: unknown, ...results: unknown[]) {
    answered(kept(results[1]))
    return original.apply(this, results)
  }, original)
  return { args: [...args.slice(0, -1), watched], operation }
}
