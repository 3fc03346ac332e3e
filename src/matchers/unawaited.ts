import { options } from '../options.ts'
import { CursorLeakError } from '../report/error.ts'
import { userFrames } from '../report/frames.ts'
import { mapped } from '../report/source.ts'
import { state } from '../state.ts'
import type { AnyFunction } from '../trace/patch.ts'
import { callingTest, type Scope, type Unawaited } from '../trace/scope.ts'
import { capture, stackText } from '../trace/stack.ts'

/**
 * Notes an assertion that has to be awaited, until it has its answer: an un-awaited one would pass whatever it finds.
 * Once its test has failed for that, it never answers: whatever it would find, or fail with since the client is closed by
 * then, would be a rejection that nobody handles, and Jest 28 and 29 fail the test for it that runs then.
 */
export function awaited<T>(asker: string, from: AnyFunction, work: Promise<T>): Promise<T> {
  const entry: Unawaited = { asker, trace: capture(from, options().stackDepth) }
  const list = listOf(callingScope())
  list.add(entry)
  // Off the list before the test goes on.
  const unlessTold =
    <V>(answer: (value: V) => void) =>
    (value: V) => {
      if (list.delete(entry)) answer(value)
    }
  return new Promise<T>((resolve, reject) => void work.then(unlessTold(resolve), unlessTold(reject)))
}

/** A promise that knows whether anybody waits for it. Not a plain one: `await` takes those without calling their `then`. */
class Watched<T> extends Promise<T> {
  taken: (() => void) | undefined

  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  // biome-ignore lint/suspicious/noThenProperty: that it is called is what is asked
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.taken?.()
    return super.then(fulfilled, rejected)
  }
}

/**
 * For an assertion that we hand out ourselves: one that has its answer while nobody waits for it fails its test, too.
 * Mocha drops a rejection that nobody takes; other runners' `expect` hand out promises of their own, and report it.
 */
export function watched<T>(asker: string, from: AnyFunction, work: Promise<T>): Promise<T> {
  const entry: Unawaited = { asker, trace: capture(from, options().stackDepth), unseen: true }
  const scope = callingScope()
  const list = listOf(scope)
  let taken = false
  const answered = (): void => {
    // Its end has told of it already.
    if (!taken && !scope.done) list.add(entry)
  }
  work.then(answered, answered)
  const handed = new Watched<T>((resolve, reject) => void work.then(resolve, reject))
  handed.taken = () => {
    taken = true
    list.delete(entry)
  }
  return handed
}

function callingScope(): Scope {
  const current = state()
  return callingTest(current) ?? current.file
}

function listOf(scope: Scope): Set<Unawaited> {
  scope.unawaited ??= new Set()
  return scope.unawaited
}

/** What a test fails with that ends while such an assertion has no answer yet. */
export function unawaitedErrors({ unawaited }: Scope): CursorLeakError[] {
  const entries = [...(unawaited ?? [])]
  unawaited?.clear()
  return entries.map(({ asker, trace, unseen }) => {
    const harm = unseen ? 'nobody has seen its answer' : 'it had no answer when its test ended'
    const text = `${asker} was not awaited, so ${harm}\n  to fix it: \`await expect(…).${asker}\``
    return new CursorLeakError(text, [], userFrames(mapped(stackText(trace)), false).join('\n'))
  })
}
