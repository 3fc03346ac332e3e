import { checkScope, type Findings } from './check/check.ts'
import { options } from './options.ts'
import { readBaseline } from './report/baseline.ts'
import { type CursorLeakError, toErrors } from './report/error.ts'
import { warning } from './report/warn.ts'
import { guardAsync, sayOnce } from './say.ts'
import { state } from './state.ts'
import { isTracing, startTracing } from './trace/registry.ts'
import { newScope, type Scope } from './trace/scope.ts'

/** What an adapter throws, and what it hands to its reporter as data. */
export interface Outcome extends Findings {
  errors: CursorLeakError[]
}

/** Starts a test file: options set by an earlier file in this process are gone, and tracing is on. */
export function beginFile(name?: string): void {
  const current = state()
  current.options.configured = {}
  delete current.options.cache
  current.file = newScope('file', name)
  current.running.clear()
  // A wrong option or baseline is the user's to see at once: it throws here, where the setup file is loaded.
  const { enabled, baseline } = options()
  if (!enabled) return
  if (baseline !== undefined && process.env.CURSORLEAK_BASELINE_LINES === undefined) readBaseline(baseline)
  startTracing()
}

/** Starts one attempt of a test. Run its body inside `state().als.run(scope, …)`. */
export function beginTest(name: string): Scope {
  const scope = newScope('test', name)
  state().running.add(scope)
  return scope
}

/** Ends an attempt: what it opened is judged, and what is opened in its context from now on is charged to the file. */
export async function endTest(scope: Scope): Promise<Outcome> {
  scope.done = true
  state().running.delete(scope)
  return outcome(scope)
}

/** Ends the file: judges what was opened in no test, and what tests left busy. */
export async function endFile(): Promise<Outcome> {
  const { file, seen } = state()
  if (options().enabled && !isTracing()) {
    sayOnce('other code replaced EventEmitter.init while tests ran; what was built after that was not checked')
  }
  if (options().verbose) process.stderr.write(`cursorleak: ${seen.cursors} cursors and change streams seen so far\n`)
  return outcome(file)
}

const NOTHING: Outcome = { fail: [], warn: [], errors: [] }

async function outcome(scope: Scope): Promise<Outcome> {
  const found = await guardAsync('checking for leaks', () => checkScope(scope))
  if (!found) return NOTHING
  for (const leak of found.warn) process.stderr.write(`${warning(leak)}\n`)
  return { ...found, errors: toErrors(found.fail, options().maxReported) }
}
