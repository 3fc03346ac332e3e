import { endApp } from './app/begin.ts'
import { checkScope, type Findings } from './check/check.ts'
import { now } from './clock.ts'
import { sayKept } from './kept.ts'
import { unawaitedErrors } from './matchers/unawaited.ts'
import { lastOptions, options, setStarted } from './options.ts'
import { announce } from './report/announce.ts'
import { linesFile, noteChecked, readBaseline } from './report/baseline.ts'
import { isReported } from './report/collected.ts'
import { CursorLeakError, toErrors } from './report/error.ts'
import { groupLeaks } from './report/group.ts'
import type { Leak } from './report/leak.ts'
import { oneLine } from './report/message.ts'
import { printable } from './report/printable.ts'
import { shortPath } from './report/stack-location.ts'
import { warning } from './report/warn.ts'
import { guardAsync, write } from './say.ts'
import { isFirst } from './say-process.ts'
import { isFirstOfRun } from './say-run.ts'
import { state } from './state.ts'
import { isDriverLoaded } from './trace/loaded.ts'
import { sayIfBlind, startTracing } from './trace/registry.ts'
import { newScope, type Scope } from './trace/scope.ts'
import { sayUnknownVariables } from './variables.ts'

/** What an adapter throws, and what it hands to its reporter as data. */
export interface Outcome extends Findings {
  errors: CursorLeakError[]
}

const NOTHING_NOTED =
  "the option `detail` (CURSORLEAK_DETAIL) is 'off', which notes nothing: no test of this run is checked for leaks; take it out, or switch the check off by CURSORLEAK=off"

/**
 * Starts a test file: tracing is on, and nothing of an earlier file in this process counts any more. What `configure()`
 * has set so far stays: a setup file that is listed before the adapter's may have called it.
 * @param name the file's path, where the runner tells
 * @param shared whether later files in this process get the same modules
 */
export function beginFile(name?: string, shared = false): void {
  const current = state()
  // A program traced by `cursorleak run` that turns out to be a runner.
  endApp()
  current.users = { runner: true, apps: 0, own: {} }
  const { started, startedAt } = current.options
  setStarted({})
  sayKept(started, startedAt)
  current.file = { ...newScope('file', name), shared }
  current.running.clear()
  current.checked.clear()
  current.guesses = false
  current.seen.cursors = 0
  current.spent = { checks: 0, ms: 0 }
  // A wrong option or baseline is the user's to see at once: it throws here, where the setup file is loaded.
  const { enabled, baseline, detail } = options()
  if (!enabled) return
  sayUnknownVariables()
  if (detail === 'off' && isFirstOfRun('detail off')) write(`cursorleak: ${NOTHING_NOTED}`)
  if (linesFile() !== undefined) noteChecked()
  else if (baseline !== undefined) readBaseline(baseline)
  startTracing()
}

/**
 * Starts one attempt of a test. Its body, its hooks and its fixtures are to be run each in a context of its own:
 * `state().als.run(contextOf(scope, 'body'), …)`.
 */
export function beginTest(name: string): Scope {
  const current = state()
  const scope = { ...newScope('test', name), file: current.file }
  current.running.add(scope)
  return scope
}

/**
 * Ends an attempt: what it opened is judged, and what is opened in its context from now on is charged to the file.
 * @param failed whether it failed by itself
 */
export async function endTest(scope: Scope, failed = false): Promise<Outcome> {
  scope.done = true
  scope.failed = failed
  const { running, checked } = state()
  running.delete(scope)
  checked.add(scope)
  try {
    return await outcome(scope)
  } finally {
    checked.delete(scope)
  }
}

/** Ends a scope that is neither a test nor the file: that of a worker's fixtures. */
export async function endScope(scope: Scope): Promise<Outcome> {
  scope.done = true
  const found = await outcome(scope)
  sayRepeated()
  return found
}

/** Ends the file: judges what was opened in no test, and what tests left busy. */
export async function endFile(): Promise<Outcome> {
  const current = state()
  const { file } = current
  if (options().enabled) sayIfBlind()
  const found = await outcome(file)
  sayRepeated()
  file.done = true
  if (options().verbose) write(`cursorleak: ${sawWhat()}`)
  current.options.configured = {}
  delete current.options.cache
  return found
}

/** One line a file, for `CURSORLEAK=verbose`: shows at once whether tracing sees the driver at all. */
function sawWhat(): string {
  const { file, seen, spent } = state()
  const where = file.name === undefined ? '' : `${printable(shortPath(file.name))}: `
  if (seen.cursors === 0 && isDriverLoaded()) {
    return `${where}warning: the driver is loaded, but no cursor was seen; if tests of this file read from MongoDB, please report it`
  }
  return `${where}${seen.cursors} cursors and change streams seen, ${spent.checks} checks took ${Math.round(spent.ms)} ms`
}

/** The same warning is printed once, however many tests and files have it; a reporter counts them all at the end. */
function warn(leak: Leak, scope: Scope): void {
  const { kind, state: is, createdAt, operation } = leak
  const isCollected = isReported() && kind === 'client' && !options().verbose
  const site = `${createdAt?.file}:${createdAt?.line}:${createdAt?.column}`
  if (isCollected) return
  if (isFirst(`warning ${kind} ${is} ${operation} ${site}`)) {
    write(warning(leak, scope.kind === 'file' ? scope.name : undefined))
  } else state().repeated.push(leak)
}

/** A line for each place whose warning stands further up already. */
function sayRepeated(): void {
  const { repeated, file } = state()
  const where = file.name === undefined ? '' : ` in ${printable(shortPath(file.name))}`
  for (const leak of groupLeaks(repeated.splice(0))) {
    write(`cursorleak warning${where}, again: ${oneLine(leak)}`)
  }
}

const NOTHING: Outcome = { fail: [], warn: [], errors: [] }

async function outcome(scope: Scope): Promise<Outcome> {
  const { spent } = state()
  const start = now()
  // Before anything is waited for: what is under way now was not awaited by the test.
  const unawaited = unawaitedErrors(scope)
  const found = await guardAsync('checking for leaks', () => checkScope(scope))
  spent.checks++
  spent.ms += now() - start
  if (!found) {
    const file = scope.file ?? (scope.kind === 'file' ? scope : state().file)
    file.unchecked = (file.unchecked ?? 0) + 1
    return { ...NOTHING, errors: [...unawaited, ...uncheckedErrors(scope)] }
  }
  for (const leak of found.warn) warn(leak, scope)
  for (const sentence of found.corrections ?? []) write(`cursorleak: ${printable(sentence, 1_000)}`)
  for (const leak of [...found.fail, ...found.warn]) announce(leak)
  const errors = found.fail.length > 0 ? toErrors(found.fail, lastOptions().maxReported) : []
  return { ...found, errors: [...unawaited, ...errors, ...uncheckedErrors(scope)] }
}

/** Green must not mean that nobody looked: a check that a fault of ours has ended fails its file, not its test. */
function uncheckedErrors({ kind, unchecked: count }: Scope): CursorLeakError[] {
  if (kind !== 'file' || !count) return []
  const times = count === 1 ? 'one check' : `${count} checks`
  const text = `${times} of this file could not be made, by a fault of cursorleak's own: leaks may be missing here\n  the fault is told above, please report it; \`CURSORLEAK=off\` runs the file without the check`
  return [new CursorLeakError(text, [], '')]
}
