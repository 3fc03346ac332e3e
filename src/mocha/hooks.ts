import { options } from '../options.ts'
import { type CursorLeakError, chained, reword, toErrors } from '../report/error.ts'
import type { Leak } from '../report/leak.ts'
import { beginFile, beginTest, endFile, endTest } from '../runner.ts'
import { sayOnce, write } from '../say.ts'
import { state } from '../state.ts'
import { isObject } from '../trace/fields.ts'
import { contextOf, type Scope } from '../trace/scope.ts'
import { encloseBodies } from './bodies.ts'
import { Files } from './files.ts'
import { type MochaContext, type MochaTest, type RootHooks, TITLE } from './types.ts'

interface Attempt {
  scope: Scope
  test: MochaTest
}
const NO_HOOKS =
  "this Mocha takes no hook while it runs: leaks are reported at the end of the run, each with the name of its test, and what is opened outside tests isn't checked"

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
    const own = this.currentTest?.err
    return endCurrent().then((errors) => {
      if (errors.length === 0) return
      // Mocha notes a second error on the test's first one, and never ends where that can't be written to.
      if (isObject(own) && !Object.isExtensible(own)) for (const { stack } of errors) write(`${stack}`)
      // Thrown, it would end the run; so it fails this test alone.
      else this.test.error(forMocha(errors))
    })
  }

  async function checkFile(this: MochaContext): Promise<void> {
    this.timeout(0)
    // A test is left only where a root hook of the user's failed: Mocha skips the hooks behind it, and all other tests.
    const errors = [...(await endCurrent()), ...((await files?.end()) ?? []), ...(await endFile()).errors]
    nextFile()
    if (errors.length > 0) throw forMocha(errors)
  }

  function nextFile(): void {
    state().options.configured = configured
    beginFile()
  }

  async function endCurrent(): Promise<CursorLeakError[]> {
    if (!current) return []
    const { scope, test } = current
    current = undefined
    const { fail, errors } = await endTest(scope, test.state === 'failed')
    // The verdict of an attempt that is tried again is the next one's, and a test that skips itself has none.
    if (test.isPending() || runsAgain(test)) return []
    return late ? toErrors(fail.map(withTest), options().maxReported) : errors
  }

  /** Where our hooks can't come last: each test is judged when the next one begins. */
  async function checkLate(this: MochaContext, before: Promise<CursorLeakError[]>): Promise<void> {
    this.timeout(0)
    late?.push(...(await before))
  }

  return {
    beforeAll() {
      const root = this.test.parent
      late = root.afterEach && root.afterAll ? undefined : []
      state().untold = late !== undefined
      if (late) return sayOnce(NO_HOOKS)
      // Every file is loaded by now: added here, these come behind the root hooks which test files have.
      root.afterEach?.(TITLE, checkTest)
      root.afterAll?.(TITLE, checkFile)
      files = new Files()
      files.divide(root)
      encloseBodies(root)
    },
    beforeEach() {
      const before = endCurrent()
      const test = this.currentTest
      current = { scope: beginTest(test.titlePath().join(' > ')), test }
      // In the synchronous part, or it does not reach the test.
      state().als.enterWith(contextOf(current.scope, 'hook'))
      return late && checkLate.call(this, before)
    },
    async afterAll() {
      if (!late) return
      await checkLate.call(this, endCurrent())
      nextFile()
      // Not thrown: Mocha would skip the root `after` hooks of the user's, which come behind this one.
      if (late.length > 0) this.test.emit('error', forMocha(late))
    },
  }
}

/** An attempt that failed by itself: Mocha has not given it a state yet. */
const runsAgain = (test: MochaTest): boolean => test.state === undefined && test.currentRetry() < test.retries()

const withTest = (leak: Leak): Leak => ({ ...leak, notes: [...leak.notes, `opened by the test "${leak.test}"`] })

/** One error, since Mocha takes one a hook. Its lines stand as far right as Mocha's reporters print the first one. */
function forMocha(errors: readonly CursorLeakError[]): CursorLeakError {
  const error = chained(errors)
  for (const one of errors) reword(one, one.message.replaceAll('\n', '\n     '))
  return error
}
