import { options } from '../options.ts'
import { beginFile, beginTest, endFile, endTest, type Outcome } from '../runner.ts'
import { state } from '../state.ts'

/** What of Vitest's module is used; `aroundEach` and `aroundAll` are exported from 4.1 on. */
export interface VitestHooks {
  beforeEach(hook: (context: TestContext) => void): void
  afterAll(hook: () => Promise<void>): void
  aroundEach?(hook: (run: () => Promise<void>, context: TestContext) => Promise<void>): void
  aroundAll?(hook: (run: () => Promise<void>) => Promise<void>): void
}
interface TestContext {
  task: { name: string; fails?: boolean; meta: object; suite?: Parent }
  onTestFinished(hook: () => Promise<void>): void
}
interface Parent {
  name: string
  suite?: Parent
}

/** Puts the check behind every hook of the user's, in whichever way this Vitest offers. */
export function installHooks(vitest: unknown): void {
  const hooks = vitest as VitestHooks
  beginFile()
  if (!options().enabled) return
  if (hooks.aroundEach && hooks.aroundAll) installAround(hooks as Required<VitestHooks>)
  else installBeforeEach(hooks)
}

function installAround(hooks: Required<VitestHooks>): void {
  hooks.aroundEach(async (run, { task }) => {
    const scope = beginTest(fullName(task))
    await state().als.run(scope, run)
    const { errors } = accept(await endTest(scope), task)
    // Vitest takes an AggregateError from aroundEach apart into one error each; an array it does not.
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} places leaked cursors`)
  })
  hooks.aroundAll(async (run) => {
    await run()
    const { errors } = await endFile()
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} places leaked cursors`)
  })
}

/** Vitest 2.0 to 4.0: the hook has to be synchronous, or the store does not reach the test's body on Node 24. */
function installBeforeEach(hooks: VitestHooks): void {
  hooks.beforeEach(({ task, onTestFinished }) => {
    const scope = beginTest(fullName(task))
    state().als.enterWith(scope)
    onTestFinished(async () => {
      const { errors } = accept(await endTest(scope), task)
      // An array here is taken apart into one error each; an AggregateError is not.
      if (errors.length > 0) throw errors
    })
  })
  hooks.afterAll(async () => {
    const { errors } = await endFile()
    if (errors.length > 0) throw errors
  })
}

/** Hands the data to reporters. A test that is expected to fail must not pass by its leak alone: all errors are flipped. */
function accept(outcome: Outcome, task: TestContext['task']): Outcome {
  const leaks = [...outcome.fail, ...outcome.warn]
  if (leaks.length > 0) Object.assign(task.meta, { cursorLeaks: leaks })
  return task.fails ? { ...outcome, errors: [] } : outcome
}

function fullName(task: TestContext['task']): string {
  const names = [task.name]
  for (let parent = task.suite; parent; parent = parent.suite) if (parent.name) names.unshift(parent.name)
  return names.join(' > ')
}
