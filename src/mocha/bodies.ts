import { entered } from '../trace/enter.ts'
import { disguise } from '../trace/patch.ts'
import type { By } from '../trace/scope.ts'
import type { MochaRunnable, MochaSuite } from './types.ts'

/**
 * Runs the body of each test, and the hooks around it, as what they are, so that they can be told apart. The test's scope
 * is entered before its first hook. Where this Mocha keeps its list of hooks elsewhere, what comes behind the body counts
 * as the body's.
 */
export function encloseBodies({ tests, suites, _beforeEach = [], _afterEach = [] }: MochaSuite): void {
  for (const hook of [..._beforeEach, ..._afterEach]) enclose(hook, 'hook')
  for (const test of tests) enclose(test, 'body')
  for (const suite of suites) encloseBodies(suite)
}

/** `disguise` keeps the length: a body that takes `done` is told by it, also where the test is cloned to run again. */
function enclose(runnable: MochaRunnable, by: By): void {
  if (runnable.fn) runnable.fn = disguise(entered(runnable.fn, by), runnable.fn)
}
