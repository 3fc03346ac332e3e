import { isThenable } from '../report/callback.ts'
import { state } from '../state.ts'
import { entering } from '../trace/enter.ts'
import { type AnyFunction, disguise } from '../trace/patch.ts'
import { type By, contextOf, type Scope } from '../trace/scope.ts'
import type { Test } from './circus.ts'

// `AsyncLocalStorage.enterWith` in a hook reaches neither other hooks nor the test's body under Jest, so each of them is
// called inside its test's context. This file has to be built into a folder `jest/build`: Jest leaves such frames out of
// the stacks of the user's failures.

/** Calls a hook or a test's body in the context of whatever `scopeOf` says then. Looks the same to Jest. */
export function inScope(fn: AnyFunction, by: By, scopeOf: () => Scope | undefined): AnyFunction {
  if (isGenerator(fn)) {
    // Driven from outside: what it opens is the only running test's.
    state().guesses = true
    return fn
  }
  // `disguise` keeps the length: by it Jest tells a body that takes `done`.
  return disguise(entering(fn, by, scopeOf), fn)
}

/** Calls a hook while `scopeOf` counts as running, too. No context: what is started here may serve other tests. */
export function beside(fn: AnyFunction, scopeOf: () => Scope): AnyFunction {
  if (isGenerator(fn) || fn.length > 0) return fn
  return disguise(function (this: unknown) {
    const { running } = state()
    const scope = scopeOf()
    const over = (): void => void running.delete(scope)
    running.add(scope)
    const { value, thrown } = attempt(() => fn.call(this) as unknown)
    if (isThenable(value)) value.then(over, over)
    else over()
    if (thrown) throw thrown.error
    return value
  }, fn)
}

/**
 * A concurrent test has no hooks around it, so its check is part of its body. `begin` and `end` are called for each
 * attempt; what `end` throws fails the test, and gets to know what the body threw.
 */
export function checked(
  test: Test,
  begin: () => Scope,
  end: (scope: Scope, own: { error: unknown } | undefined) => Promise<void>,
): AnyFunction | undefined {
  const { fn } = test
  // A body that takes `done` says by a call that it is over; Jest runs it alone where it knows such concurrent tests.
  if (!fn || isGenerator(fn) || fn.length > 0) return fn
  return disguise(function (this: unknown, ...args: unknown[]) {
    const scope = begin()
    const result = state().als.run(contextOf(scope, 'body'), () => attempt(() => fn.apply(this, args) as unknown))
    // What a test must not return fails it: for Jest to say.
    if (result.value !== undefined && !isThenable(result.value)) {
      state().running.delete(scope)
      return result.value
    }
    return finish(result)

    async function finish({ value, thrown }: Attempt): Promise<void> {
      let own = thrown
      try {
        await value
      } catch (error) {
        own = { error }
      }
      await end(scope, own)
      if (own) throw own.error
    }
  }, fn)
}

interface Attempt {
  value?: unknown
  thrown?: { error: unknown }
}

function attempt(work: () => unknown): Attempt {
  try {
    return { value: work() }
  } catch (error) {
    return { thrown: { error } }
  }
}

/** Jest runs these through a library of its own, which asks for the function's class. */
const isGenerator = (fn: AnyFunction): boolean => Object.prototype.toString.call(fn) === '[object GeneratorFunction]'
