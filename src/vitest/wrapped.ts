// Vitest 2 to 4 have it; this file is loaded by no later version, and by name: from elsewhere than a file of its own,
// Vite would look for it in 5 too.
import * as internals from 'vitest/suite'
import { beginTest, endTest } from '../runner.ts'
import { sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { entering } from '../trace/enter.ts'
import type { AnyFunction } from '../trace/patch.ts'
import { disguise } from '../trace/patch.ts'
import { contextOf, type Scope } from '../trace/scope.ts'
import { encloseExtensions } from './extended.ts'
import { endVitestFile } from './file.ts'
import { behindFixtures, followFileFixtures } from './file-fixtures.ts'
import { errorsOf, fullName, hasFailed, noteTest, type Suite, type Task, type TestFile, TIMEOUT_MS } from './meta.ts'

// Vitest 2.0 to 4.0, which have no hook around a test. `AsyncLocalStorage.enterWith` in a `beforeEach` is not enough: it
// does not reach the test's body when another hook ran before ours, and up to Node 22 it stays on for later suites. So
// each hook and each body is called inside its test's context. These versions are finished: their internals stay.

interface Hooks {
  test: unknown
  beforeAll(hook: (suite: RunningFile) => unknown, timeout: number): void
  afterAll(hook: (suite: RunningFile) => unknown, timeout: number): void
}
/** What is used of `vitest/suite`. */
interface Internals {
  getHooks(suite: object): SuiteHooks
  getFn(task: object): AnyFunction | undefined
  setFn(task: object, fn: AnyFunction): void
}
interface SuiteHooks {
  beforeAll: AnyFunction[]
  beforeEach: AnyFunction[]
  afterEach: AnyFunction[]
}
interface RunningSuite extends Suite {
  tasks: Array<(Task & { type: 'test' | 'custom' }) | (RunningSuite & { type: 'suite' })>
}
type RunningFile = RunningSuite & TestFile & { result?: { state?: string } }
interface RunningTask extends Task {
  mode?: string
  onFinished?: unknown[]
}
interface TestContext {
  task: RunningTask
  onTestFinished(hook: () => Promise<void>, timeout: number): void
}

const { getFn, getHooks, setFn } = internals as object as Internals

export function installWrapped(vitest: object): void {
  const hooks = vitest as Hooks
  const running = new Map<RunningTask, Scope>()
  const skipped: Array<[RunningTask, Scope]> = []
  followFileFixtures(state().file)
  encloseExtensions(hooks.test)
  const finish = (file: RunningFile) => async (): Promise<void> => {
    const errors = await behindFixtures(state().file, () => finishFile(file, skipped, running))
    if (errors.length > 0) throw errors
  }

  hooks.beforeAll((file) => {
    enclose(file, (task) => running.get(task))
    getHooks(file).beforeEach.unshift(begin)
    // The cleanup of a `beforeAll` is behind every `afterAll`. In the order `list` the cleanup that was made last is
    // the last: this list is being walked right now.
    if (!isListed()) return finish(file)
    getHooks(file).beforeAll.push(() => finish(file))
    return undefined
  }, TIMEOUT_MS)
  // A `beforeAll` that threw is the only way to get here with a result: then there are no cleanups.
  hooks.afterAll((file) => (file.result?.state === 'fail' ? finish(file)() : undefined), TIMEOUT_MS)

  // Not destructured: it is called by the runner directly, and registered by no call that reads its source.
  function begin({ task, onTestFinished }: TestContext): void {
    // Vitest 2 calls no hook of a test that skips itself: its check is made up for at the end of the file.
    for (const [other, scope] of running) if (other.mode === 'skip') retire(other, scope)
    const scope = beginTest(fullName(task))
    running.set(task, scope)
    onTestFinished(async () => {
      running.delete(task)
      const errors = errorsOf(noteTest(task, await endTest(scope, hasFailed(task))), task)
      // An array here is taken apart into one error each; an AggregateError is not.
      if (errors.length > 0) throw errors
    }, TIMEOUT_MS)
    // Called in reverse order: the first is the last, also where another hook has registered one before.
    const registered = task.onFinished
    if (registered && registered.length > 1) registered.unshift(registered.pop())
  }

  function retire(task: RunningTask, scope: Scope): void {
    running.delete(task)
    scope.done = true
    state().running.delete(scope)
    skipped.push([task, scope])
  }
}

async function finishFile(
  file: RunningFile,
  skipped: Array<[RunningTask, Scope]>,
  running: Map<RunningTask, Scope>,
): Promise<readonly Error[]> {
  for (const [task, scope] of [...skipped, ...running]) noteTest(task, await endTest(scope))
  return endVitestFile(file)
}

/** Puts every hook and body of a file's tests into the context of the test that it is called for. */
function enclose(suite: RunningSuite, scopeOf: (task: RunningTask) => Scope | undefined): void {
  const { beforeEach, afterEach } = getHooks(suite)
  const ofTest = (context: unknown): Scope | undefined => scopeOf((context as TestContext).task)
  for (const list of [beforeEach, afterEach]) {
    for (const [i, hook] of list.entries()) list[i] = disguise(entering(hook, 'hook', ofTest), hook)
  }
  for (const task of suite.tasks) {
    if (task.type === 'suite') enclose(task, scopeOf)
    else encloseBody(task)
  }

  function encloseBody(task: RunningTask): void {
    const body = getFn(task)
    if (!body) return
    setFn(task, () => {
      const scope = scopeOf(task)
      return state().als.run(scope && contextOf(scope, 'body'), () => body() as unknown)
    })
  }
}

function isListed(): boolean {
  const worker = (globalThis as { __vitest_worker__?: { config?: { sequence?: { hooks?: string } } } })
    .__vitest_worker__
  if (worker?.config === undefined) sayOnce('the order of hooks is not known; they are taken for a stack')
  return worker?.config?.sequence?.hooks === 'list'
}
