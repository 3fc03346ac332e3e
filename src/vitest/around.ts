import { beginTest, endFile, endTest } from '../runner.ts'
import { state } from '../state.ts'
import { errorsOf, fullName, noteFile, noteTest, type Task, type TestFile, TIMEOUT_MS } from './meta.ts'

interface AroundHooks {
  aroundEach(hook: (run: () => Promise<void>, context: { task: Task }) => Promise<void>, timeout: number): void
  aroundAll(hook: (run: () => Promise<void>) => Promise<void>, timeout: number): void
}

/**
 * Vitest 4.1 and later: the part after `run()` is behind every hook, fixture and `onTestFinished` of the test, and
 * runs whatever of them has thrown. Parameters have to be destructured: Vitest reads them from the source.
 */
export function installAround(vitest: object): void {
  const hooks = vitest as AroundHooks
  let file: TestFile | undefined
  hooks.aroundEach(async (run, { task }) => {
    file = task.file
    const scope = beginTest(fullName(task))
    await state().als.run(scope, run)
    throwAll(errorsOf(noteTest(task, await endTest(scope)), task))
  }, TIMEOUT_MS)
  hooks.aroundAll(async (run) => {
    await run()
    const outcome = await endFile()
    noteFile(file, outcome)
    throwAll(errorsOf(outcome))
  }, TIMEOUT_MS)
}

/** Vitest takes an AggregateError out of these hooks apart into one error each; an array it does not. */
function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} places leaked cursors`)
}
