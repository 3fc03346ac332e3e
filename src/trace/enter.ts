import { state } from '../state.ts'
import type { AnyFunction } from './patch.ts'
import { type By, type Context, contextOf } from './scope.ts'

/**
 * A function that runs as this part of whatever test's context it is called in. In a file of its own that several entries
 * share: those are built under a path whose frames the runners leave out of the stacks that they print.
 */
export function entering(fn: AnyFunction, by: By): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const { als } = state()
    const scope = als.getStore()?.scope
    if (!scope || scope.done) return fn.apply(this, args)
    return als.run(contextOf(scope, by), () => fn.apply(this, args) as unknown)
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
