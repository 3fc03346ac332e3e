import { options } from '../options.ts'
import { type CursorLeakError, chained } from '../report/error.ts'
import { beginFile, beginTest, endFile, endTest } from '../runner.ts'
import { sayOnce } from '../say.ts'
import { state } from '../state.ts'
import type { Scope } from '../trace/scope.ts'
import { Files } from './files.ts'
import { type MochaContext, type MochaTest, type RootHooks, TITLE } from './types.ts'

interface Attempt {
  scope: Scope
  test: MochaTest
}
const NO_HOOKS =
  "this Mocha takes no hook while it runs: leaks are reported at the end instead of with their test, and what is opened outside tests isn't checked"

/**
 * The root hooks of one process. In serial mode all files share its modules and one root suite, whose `after` hooks come
 * at the very end: what a file opened outside its tests is judged there. In parallel mode a worker takes one file after
 * the other, and Mocha runs these hooks anew for each.
 */
export function rootHooks(): RootHooks {
  if (!options().enabled) return {}
  // What `--require`d files configured stays; what a test file configured ends with it.
  const { configured } = state().options
  let current: Attempt | undefined
  let late: CursorLeakError[] | undefined
  let files: Files | undefined

  /** Runs behind every hook of the user's. */
  function checkTest(this: MochaContext): Promise<void> {
    // A hook's own time limit may be shorter than our wait for a close that is on its way.
    this.timeout(0)
    // Left in the synchronous part: what Mocha runs next belongs to no test.
    state().als.enterWith(undefined)
    return endCurrent().then((errors) => {
      // Thrown, it would end the run; so it fails this test alone.
      if (errors.length > 0) this.test.error(forMocha(errors))
    })
  }

  async function checkFile(this: MochaContext): Promise<void> {
    this.timeout(0)
    // A test is left only where a root hook of the user's failed: Mocha skips the hooks behind it, and all other tests.
    const errors = await endCurrent()
    if (late) errors.unshift(...late)
    else errors.push(...((await files?.end()) ?? []), ...(await endFile()).errors)
    state().options.configured = configured
    beginFile()
    if (errors.length > 0) throw forMocha(errors)
  }

  async function endCurrent(): Promise<CursorLeakError[]> {
    if (!current) return []
    const { scope, test } = current
    current = undefined
    const { errors } = await endTest(scope)
    return runsAgain(test) ? [] : errors
  }

  return {
    beforeAll() {
      const root = this.test.parent
      late = root.afterEach && root.afterAll ? undefined : []
      if (late) return sayOnce(NO_HOOKS)
      // Every file is loaded by now: added here, these come behind the root hooks which test files have.
      root.afterEach?.(TITLE, checkTest)
      root.afterAll?.(TITLE, checkFile)
      files = new Files()
      files.divide(root)
    },
    beforeEach() {
      const before = endCurrent()
      const test = this.currentTest
      current = { scope: beginTest(test.titlePath().join(' > ')), test }
      // In the synchronous part, or it does not reach the test.
      state().als.enterWith(current.scope)
      if (!late) return
      this.timeout(0)
      return before.then((errors) => void late?.push(...errors))
    },
    afterAll() {
      return late && checkFile.call(this)
    },
  }
}

/** An attempt that failed by itself and is tried again: the verdict is the next attempt's. */
const runsAgain = (test: MochaTest): boolean => test.state === undefined && test.currentRetry() < test.retries()

/** One error, since Mocha takes one a hook. Its lines stand as far right as Mocha's reporters print the first one. */
function forMocha(errors: readonly CursorLeakError[]): CursorLeakError {
  for (const error of errors) {
    const { message } = error
    const indented = message.replaceAll('\n', '\n     ')
    error.stack = (error.stack ?? '').replace(message, () => indented)
    error.message = indented
  }
  return chained(errors)
}
