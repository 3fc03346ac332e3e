import { options } from '../options.ts'
import type { CursorLeakError } from '../report/error.ts'
import { oneLine } from '../report/message.ts'
import { printable } from '../report/printable.ts'
import { beginFile, beginTest, endFile, endTest, type Outcome } from '../runner.ts'
import { write } from '../say.ts'
import { sayOncePerProcess } from '../say-process.ts'
import { state } from '../state.ts'
import type { AnyFunction } from '../trace/patch.ts'
import type { Scope } from '../trace/scope.ts'
import { type Block, blocksOf, type Circus, circus, fullName, moveHook, type Test, testsOf } from './circus.ts'
import { leaveFile } from './leave.ts'
import { fileNotes } from './notes.ts'
import { type Expect, merged, named, throwAll } from './throwing.ts'
import { beside, checked, inScope } from './wrap.ts'

/** What of `@jest/globals` is used. */
export interface JestGlobals {
  beforeAll(hook: AnyFunction, timeout?: number): void
  beforeEach(hook: AnyFunction, timeout?: number): void
  afterEach(hook: AnyFunction, timeout?: number): void
  afterAll(hook: AnyFunction, timeout?: number): void
  expect: Expect
}

/** Our own waits are bounded far below this: a short `testTimeout` is meant for the user's hooks, not for the check. */
const TIMEOUT_MS = 30_000

const NO_STATE =
  'this Jest hides the tests of a file: leaks are reported at its end instead of with their test; test.concurrent and what is opened outside tests are not checked'
const NO_LIST = 'this Jest takes one error a test: the places that leaked are listed in one message'

/** Starts the check of a test file. Called once a file, while setup files are loaded. */
export function installHooks({ beforeAll, beforeEach, afterEach, afterAll, expect }: JestGlobals): void {
  beginFile(expect.getState().testPath)
  state().hangs = true
  const notes = fileNotes()
  if (!options().enabled) {
    notes.write({ off: true })
    return
  }
  let current: Scope | undefined
  /** Set where our hooks can't be put behind the user's: errors wait for the end of the file. */
  let late: CursorLeakError[] | undefined

  const endCurrent = async (): Promise<CursorLeakError[]> => {
    const scope = current
    current = undefined
    const failed = (circus()?.currentlyRunningTest?.errors.length ?? 0) > 0
    return scope ? notes.add(await endTest(scope, failed)).errors : []
  }
  const begin = (): void | Promise<void> => {
    const test = circus()?.currentlyRunningTest
    const start = (): void => {
      current = beginTest(test ? fullName(test) : (expect.getState().currentTestName ?? ''))
    }
    if (!late) return start()
    // Every hook of the test before has run by now.
    return endCurrent().then((errors) => {
      late?.push(...errors)
      start()
    })
  }
  const check = async (): Promise<void> => {
    if (late) return
    const test = circus()?.currentlyRunningTest
    const errors = await endCurrent()
    // A test that is expected to fail is not to fail by its leak: the same under every runner.
    if (test?.failing !== true) throwAll(errors, expect, () => sayOncePerProcess(NO_LIST))
  }
  const checkFile = async (): Promise<void> => {
    const errors = late ? [...late, ...(await endCurrent())].map(named) : []
    // The user's own `afterAll` is still to come then.
    if (late) state().file.allowed = true
    errors.push(...notes.add(await endFile()).errors)
    notes.write()
    leaveFile()
    const list = circus()?.unhandledErrors
    const last = errors.pop()
    if (!last) return
    if (!Array.isArray(list)) throw merged([...errors, last])
    // Jest's own list of what failed a file; a thrown error would get there alone.
    list.push(...errors)
    throw last
  }

  beforeAll(() => {
    const found = circus()
    if (!found) {
      late = []
      state().guesses = true
      sayOncePerProcess(NO_STATE)
      return
    }
    const root = found.rootDescribeBlock
    moveHook(root, begin, 'first')
    moveHook(root, check, 'last')
    moveHook(root, checkFile, 'last')
    enclose(found, new Set<AnyFunction>([begin, check, checkFile]), () => current, notes.add)
  }, TIMEOUT_MS)
  beforeEach(begin, TIMEOUT_MS)
  afterEach(check, TIMEOUT_MS)
  afterAll(checkFile, TIMEOUT_MS)
}

/** Puts the hooks and bodies of all tests into the context of their test. */
function enclose(
  { rootDescribeBlock }: Circus,
  ours: ReadonlySet<AnyFunction>,
  current: () => Scope | undefined,
  note: (outcome: Outcome) => Outcome,
): void {
  const blocks = blocksOf(rootDescribeBlock)
  const overlapping = blocks.some((block) => testsOf(block).some((test) => test.concurrent))
  for (const block of blocks) {
    for (const hook of block.hooks) {
      if (ours.has(hook.fn)) continue
      if (hook.type === 'beforeEach' || hook.type === 'afterEach') hook.fn = inScope(hook.fn, 'hook', current)
    }
    for (const test of testsOf(block)) encloseBody(test, current, note)
  }
  // Jest 28 and 29 run these beside everything else: what a hook of a suite opens then is not theirs.
  if (overlapping) for (const block of blocks) if (block.parent) asFile(block)
}

function encloseBody(test: Test, current: () => Scope | undefined, note: (outcome: Outcome) => Outcome): void {
  if (!test.fn) return
  if (!test.concurrent) {
    test.fn = inScope(test.fn, 'body', current)
    return
  }
  const fn = checked(
    test,
    () => beginTest(fullName(test)),
    async (scope, own) => {
      const { errors } = note(await endTest(scope, own !== undefined))
      if (test.failing === true || errors.length === 0) return
      const all = [...(own ? [own.error] : []), ...errors]
      // Up to Jest 29 a concurrent test has run before its turn comes, and must have no error yet when it does.
      if (test.fn !== fn) throw early(test, own, errors)
      test.errors.push(...all.slice(0, -1))
      throw all.at(-1)
    },
  )
  if (fn) test.fn = fn
}

/** The one error that such a test can have. What is not in it is at least said. */
function early(test: Test, own: { error: unknown } | undefined, errors: readonly CursorLeakError[]): unknown {
  if (!own) return errors.length === 1 ? errors[0] : merged(errors)
  for (const leak of errors.flatMap((error) => error.leaks)) {
    write(`cursorleak: "${printable(fullName(test))}" failed and leaked: ${oneLine(leak)}`)
  }
  return own.error
}

/** While such a hook runs there is more than one that could have opened something. */
function asFile(block: Block): void {
  for (const hook of block.hooks) {
    if (hook.type === 'beforeAll' || hook.type === 'afterAll') hook.fn = beside(hook.fn, () => state().file)
  }
}
