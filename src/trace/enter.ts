import { state } from '../state.ts'
import type { AnyFunction } from './patch.ts'
import { type By, contextOf } from './scope.ts'

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
