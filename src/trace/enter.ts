import { state } from '../state.ts'
import { type AnyFunction, disguise } from './patch.ts'
import { type By, type Context, contextOf, hookContext, noteInside, noteReturn, type Scope } from './scope.ts'

// In a file of its own that several entries share: those are built under a path whose frames the runners leave out of the
// stacks that they print.

const calling = (): Scope | undefined => state().als.getStore()?.scope

/** A function that runs as this part of a test: of that whose context it is called in, or which `scopeOf` says of its call. */
export function entering(
  fn: AnyFunction,
  by: By,
  scopeOf: (...args: unknown[]) => Scope | undefined = calling,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const context = contextFor(scopeOf(...args), by)
    const returned: unknown = state().als.run(context, () => fn.apply(this, args) as unknown)
    if (context) noteReturn(context, returned, fn.length > 0)
    return returned
  }
}

const contextFor = (scope: Scope | undefined, by: By): Context | undefined =>
  scope && (by === 'hook' ? hookContext(scope) : contextOf(scope, by))

/**
 * A hook around others, which it runs by its first argument: what it calls so is not the hook.
 * Where no test has begun it is left as it is: our own, and one that is around that.
 */
export function enteringAround(hook: AnyFunction): AnyFunction {
  return function (this: unknown, run: AnyFunction, ...rest: unknown[]) {
    const scope = calling()
    if (scope?.kind !== 'test' || scope.done) return hook.call(this, run, ...rest) as unknown
    const context = hookContext(scope)
    const inside = function (this: unknown, ...args: unknown[]): unknown {
      const running: unknown = state().als.run(contextOf(scope, 'body'), () => run.apply(this, args) as unknown)
      noteInside(context, running)
      return running
    }
    const returned: unknown = state().als.run(context, () => hook.call(this, disguise(inside, run), ...rest) as unknown)
    noteReturn(context, returned, true)
    return returned
  }
}

/**
 * The same for a runner that prints the frame of `run()` in the user's stacks, and calls one function after the other: what
 * comes next has to be entered, too.
 */
export function entered(fn: AnyFunction, by: By): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const scope = calling()
    const context = scope && !scope.done ? contextFor(scope, by) : undefined
    if (context) state().als.enterWith(context)
    const returned: unknown = fn.apply(this, args)
    if (context) noteReturn(context, returned, fn.length > 0)
    return returned
  }
}

/**
 * A function that runs in a context that is found out at each call; without one as it is.
 * @param leave gets what the call returned, and the context; returns what its caller gets
 */
export function enteringOwn(
  fn: AnyFunction,
  contextNow: () => Context | undefined,
  leave: (returned: unknown, context: Context) => unknown,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const context = contextNow()
    if (!context) return fn.apply(this, args)
    return leave(
      state().als.run(context, () => fn.apply(this, args) as unknown),
      context,
    )
  }
}

/** A function whose arguments and result go through somebody else's hands. */
export function passing(
  fn: AnyFunction,
  take: (args: unknown[]) => unknown[],
  give: (returned: unknown) => unknown,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    return give(fn.apply(this, take(args)))
  }
}
