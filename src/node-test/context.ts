import { AsyncResource, executionAsyncResource } from 'node:async_hooks'
import { state } from '../state.ts'
import type { AnyFunction } from '../trace/patch.ts'
import { contextOf, hookContext, noteReturn, type Scope } from '../trace/scope.ts'

/** The scope of each test by its context object, which node:test hands to the test's hooks and to its body. */
export const scopes = new WeakMap<object, Scope>()
/** The scope of the test in which a subtest was made. */
const parents = new WeakMap<Scope, Scope>()

/** node:test's own class of a hook. */
const HOOK = 'TestHook'

/**
 * Makes every hook and body of a test run in that test's scope. node:test runs them all by the public
 * `runInAsyncScope()` of its own subclass of `AsyncResource`, in the context where the test was *made*, so that a store
 * that is entered in a hook never reaches a body. Has to be called inside a hook.
 * @returns false where this Node does it in another way: tests that run at the same time can't be told apart then
 */
export function enterScopes(): boolean {
  const own = prototypeOfTests(executionAsyncResource())
  if (!own) return false
  const original = AsyncResource.prototype.runInAsyncScope as AnyFunction
  Object.defineProperty(own, 'runInAsyncScope', {
    value: function runInAsyncScope(this: AsyncResource, body: AnyFunction, context: unknown, ...args: unknown[]) {
      const { als } = state()
      const scope = original.call(this, scopeOf, undefined, context) as Scope | undefined
      const entered = scope && (this.constructor.name === HOOK ? hookContext(scope) : contextOf(scope, 'body'))
      // Bound functions have no frame: the stack of a failing test shows one line of ours instead of three.
      const returned: unknown = original.call(this, als.run.bind(als, entered, body.bind(context)), undefined, ...args)
      if (entered) noteReturn(entered, returned, body.length > 0)
      return returned
    },
    writable: true,
    configurable: true,
    enumerable: false,
  })
  return true
}

/** The class right below `AsyncResource`: node:test's `Test`, whose subclasses are suites and hooks. */
function prototypeOfTests(resource: object): object | undefined {
  for (let proto = resource; proto; proto = Object.getPrototypeOf(proto) as object) {
    if (Object.getPrototypeOf(proto) !== AsyncResource.prototype) continue
    return Object.hasOwn(proto, 'runInAsyncScope') ? undefined : proto
  }
  return undefined
}

function scopeOf(context: unknown): Scope | undefined {
  // Entered where the test or hook was made: for a subtest, the scope of the test that made it.
  const outer = state().als.getStore()?.scope
  const scope = typeof context === 'object' && context !== null ? scopes.get(context) : undefined
  if (scope && outer && outer !== scope && !outer.done) {
    outer.paused = true
    parents.set(scope, outer)
  }
  return scope ?? outer
}

/** Called when a test is over: the one it was made in goes on. */
export function resumeParent(scope: Scope): void {
  const parent = parents.get(scope)
  if (parent) parent.paused = false
}
