import { AsyncResource } from 'node:async_hooks'
import { after, before, beforeEach } from 'node:test'
import vm from 'node:vm'
import { NativeError } from '../native.ts'
import { options } from '../options.ts'
import { chained } from '../report/error.ts'
import { beginTest, endFile, endTest } from '../runner.ts'
import { sayOnce, write } from '../say.ts'
import { state } from '../state.ts'
import type { Scope } from '../trace/scope.ts'
import { enterScopes, resumeParent, scopes } from './context.ts'
import { tellBeforeDeath } from './died.ts'

/** What of node:test's context is used. */
export interface TestContext {
  fullName: string
  /** What the test failed with so far; null where it has not. */
  error: Error | null
  after(hook: () => unknown, options: { timeout: number }): void
  diagnostic(message: string): void
}

/** Longer than `--test-timeout` may allow: we wait for a close that is on its way. */
const NO_LIMIT = { timeout: Number.POSITIVE_INFINITY }

/** Registers the hooks on the root, before the test file is loaded. */
export function installHooks(): void {
  if (!options().enabled) return
  before(() => {
    tellBeforeDeath()
    if (enterScopes()) return
    state().guesses = true
    sayOnce(
      "this Node doesn't show which test runs: what tests open that run at the same time is judged with their file",
    )
  })
  beforeEach((context) => {
    const t = context as unknown as TestContext
    const scope = beginTest(t.fullName)
    scopes.set(t, scope)
    // A hook that is added by a running `after` hook comes behind all others: the user's may still close.
    t.after(() => t.after(() => checkTest(t, scope), NO_LIMIT), NO_LIMIT)
  })
  // The same for the root, whose hooks are added from outside of every test.
  const outside = new AsyncResource('cursorleak')
  after(() => outside.runInAsyncScope(() => afterAt(process.argv[1], checkFile)), NO_LIMIT)
}

async function checkTest(t: TestContext, scope: Scope): Promise<void> {
  const { errors } = await endTest(scope, t.error !== null && t.error !== undefined)
  resumeParent(scope)
  if (errors.length === 0) return
  // A test has one error, its own: node:test drops what its hooks throw after that.
  if (t.error || losesText()) for (const error of errors) for (const line of linesOf(error)) t.diagnostic(line)
  if (!t.error) throw chained(errors)
}

async function checkFile(): Promise<void> {
  const { errors } = await endFile()
  if (losesText()) for (const error of errors) for (const line of linesOf(error)) write(line)
  if (errors.length > 0) throw chained(errors)
}

/** With `--frozen-intrinsics` node:test fails a test for what its hook threw, and prints nothing of that. */
const losesText = (): boolean => Object.isFrozen(NativeError.prototype)

const linesOf = ({ stack = '' }: Error): string[] => stack.split('\n')

/** Registers a root hook. A failing one is shown under the file that registered it: the test file, not this one. */
function afterAt(file: string | undefined, hook: () => Promise<void>): void {
  const parameters = ['after', 'hook', 'options']
  const register = vm.compileFunction('after(hook, options)', parameters, file ? { filename: file } : {})
  register(after, hook, NO_LIMIT)
}
