import { entering } from '../trace/enter.ts'
import { disguise } from '../trace/patch.ts'
import type { MochaSuite } from './types.ts'

/**
 * Runs the body of each test in a context of its own, so that it can be told from the hooks. The test's scope is entered
 * before its first hook.
 */
export function encloseBodies({ tests, suites }: MochaSuite): void {
  for (const test of tests) {
    // `disguise` keeps the length: a body that takes `done` is told by it, also where the test is cloned for another attempt.
    if (test.fn) test.fn = disguise(entering(test.fn, 'body'), test.fn)
  }
  for (const suite of suites) encloseBodies(suite)
}
