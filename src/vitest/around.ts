import { leaveFixtures } from '../check/leave.ts'
import { beginTest, endTest } from '../runner.ts'
import { guard } from '../say.ts'
import { state } from '../state.ts'
import { contextOf } from '../trace/scope.ts'
import { encloseDefinitions } from './definitions.ts'
import { endVitestFile } from './file.ts'
import { aroundApart, hooksApart } from './hooks.ts'
import { errorsOf, fullName, hasFailed, noteTest, type Task, type TestFile, TIMEOUT_MS } from './meta.ts'

interface AroundHooks {
  aroundEach(hook: (run: () => Promise<void>, context: { task: Task }) => Promise<void>, timeout: number): void
  aroundAll(hook: (run: () => Promise<void>, context: object, file: TestFile) => Promise<void>, timeout: number): void
}

/**
 * Vitest 4.1 and later: the part after `run()` is behind every hook, fixture and `onTestFinished` of the test, and
 * runs whatever of them has thrown. Parameters have to be destructured: Vitest reads them from the source.
 */
export function installAround(vitest: object): void {
  const hooks = vitest as AroundHooks
  const keepHooksApart = hooksApart(vitest)
  let file: TestFile | undefined
  encloseDefinitions(vitest)
  // Not awaited: an await of ours would be a frame in the asynchronous stacks of the user's and Vitest's own errors.
  hooks.aroundEach((run, { task }) => {
    file = task.file
    const scope = beginTest(fullName(task))
    keepHooksApart(task)
    const check = async (): Promise<void> => {
      leaveFixtures(scope)
      throwAll(errorsOf(noteTest(task, await endTest(scope, hasFailed(task))), task))
    }
    return state().als.run(contextOf(scope, 'body'), run).then(check)
  }, TIMEOUT_MS)
  // biome-ignore lint/correctness/noEmptyPattern: Vitest wants it destructured.
  hooks.aroundAll((run, {}, whole) => {
    guard('looking for hooks around tests', () => aroundApart(vitest, whole))
    const check = async (): Promise<void> => {
      throwAll(await endVitestFile(file))
    }
    return run().then(check)
  }, TIMEOUT_MS)
}

/** Vitest takes an AggregateError out of these hooks apart into one error each; an array it does not. */
function throwAll(errors: readonly Error[]): void {
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} places leaked cursors`)
}
