import { sayOnce } from '../say.ts'
import { entering, enteringAround } from '../trace/enter.ts'
import { type AnyFunction, disguise } from '../trace/patch.ts'
import type { Suite, Task } from './meta.ts'

/** Where Vitest 4.1 and later show a suite's hooks. */
interface Hooks {
  getSuiteHooks?(suite: object): Partial<Record<'beforeEach' | 'afterEach' | 'aroundEach', AnyFunction[]>>
}
const hooksOf = (vitest: object): Hooks['getSuiteHooks'] => (vitest as { TestRunner?: Hooks }).TestRunner?.getSuiteHooks

type Finishing = AnyFunction[] | undefined

const NO_HOOKS =
  "this Vitest hides a suite's hooks: what a hook opens can't be told from what a test's body opens, and counts as the body's"

/**
 * Makes the hooks around a test run in a context of their own, so that they can be told from its body, which has none of
 * its own to be entered: Vitest takes no other function for it. Called before the first hook of each attempt.
 */
export function hooksApart(vitest: object): (task: Task) => void {
  const getSuiteHooks = hooksOf(vitest)
  const done = new WeakSet<object>()
  return (task) => {
    if (!getSuiteHooks) return sayOnce(NO_HOOKS)
    for (let suite: Suite | undefined = task.suite ?? task.file; suite; suite = suite.suite ?? fileOf(suite, task)) {
      if (done.has(suite)) continue
      done.add(suite)
      const { beforeEach = [], afterEach = [] } = getSuiteHooks(suite)
      for (const [i, hook] of beforeEach.entries()) beforeEach[i] = disguise(before(hook), hook)
      for (const [i, hook] of afterEach.entries()) afterEach[i] = disguise(asHook(hook), hook)
    }
    // What `onTestFinished()` takes ends up in this list.
    ;(task as { onFinished?: Finishing }).onFinished ??= Object.defineProperty([] as AnyFunction[], 'push', {
      value(this: AnyFunction[], ...hooks: AnyFunction[]) {
        return Array.prototype.push.apply(this, hooks.map(asHook))
      },
      enumerable: false,
    })
  }
}

/**
 * The same for what a file has around its tests. Called before the first of them: for each test Vitest takes a copy of the
 * list, and only then calls the first.
 */
export function aroundApart(vitest: object, suite: Suite): void {
  const { aroundEach = [] } = hooksOf(vitest)?.(suite) ?? {}
  for (const [i, hook] of aroundEach.entries()) aroundEach[i] = disguise(enteringAround(hook), hook)
  for (const task of suite.tasks ?? []) if (task.type === 'suite') aroundApart(vitest, task)
}

const fileOf = (suite: Suite, { file }: Task): Suite | undefined => (suite === file ? undefined : file)

const asHook = (hook: AnyFunction): AnyFunction => entering(hook, 'hook')

/** A function that a `beforeEach` returns is called behind the test's `afterEach` hooks. */
function before(hook: AnyFunction): AnyFunction {
  const entered = asHook(hook)
  const cleanup = (made: unknown): unknown => (typeof made === 'function' ? asHook(made as AnyFunction) : made)
  return function (this: unknown, ...args: unknown[]) {
    const made: unknown = entered.apply(this, args)
    return made instanceof Promise ? made.then(cleanup) : cleanup(made)
  }
}
