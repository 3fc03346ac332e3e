import { beginApp, endApp } from './app/begin.ts'
import { isNews, suspects, toLeak } from './check/judge.ts'
import { sayKept } from './kept.ts'
import { isOf } from './matchers/look.ts'
import { targetOf } from './matchers/target.ts'
import { merge, type Options, options, setStarted, validate } from './options.ts'
import { groupLeaks } from './report/group.ts'
import type { Leak } from './report/leak.ts'
import { mapStacks } from './report/source.ts'
import { type State, state } from './state.ts'
import { liveRecords } from './trace/keep.ts'
import { sayIfBlind, startTracing, stopTracing, isTracing as tracing } from './trace/registry.ts'
import { callingTest } from './trace/scope.ts'
import { capture } from './trace/stack.ts'
import { sayUnknownVariables } from './variables.ts'

/** Enough to get from a metrics module of the app to its own line. */
const STACK_DEPTH = 24

/**
 * Starts seeing every cursor, change stream, session and client that any copy of the driver in this process builds: the
 * way for a running app, before or after it connects. On already means that only the options are taken over. A cursor
 * that was open before is named as such once it shows up: when it is used next, or by its client's own list.
 * With `enabled: false` (or `CURSORLEAK=off`) nothing is seen. Where a test runner's check is on, that keeps its own options,
 * which `configure()` sets: those given here hold for `printTrace()` alone, and a sentence says so.
 * @param given options as of {@link configure}, until the last `stopTrace()`
 * @throws a `CursorLeakOptionError` for an option that can't be used
 */
export function startTrace(given?: Options): void {
  const current = state()
  const { users } = current
  const wanted = given === undefined ? undefined : validate(given, 'startTrace()')
  if (isJudged(current)) {
    // There a test is judged, not an app.
    users.apps++
    if (wanted === undefined) return
    users.own = merge(users.own, wanted)
    sayKept(wanted, capture(startTrace, STACK_DEPTH))
    return
  }
  if (wanted !== undefined) setStarted(merge(current.options.started, wanted), capture(startTrace, STACK_DEPTH))
  if (!options().enabled) return
  sayUnknownVariables()
  users.apps++
  if (tracing()) return
  beginApp()
  mapStacks()
  startTracing()
}

/**
 * Stops, forgets what was seen, and leaves the driver and Node as they were: once everybody in this process who called
 * `startTrace()` has stopped. A runner's own check goes on: code under test may start and stop as it does in production.
 */
export function stopTrace(): void {
  const current = state()
  const { users } = current
  users.apps = Math.max(0, users.apps - 1)
  if (users.apps > 0) return
  users.own = {}
  setStarted({})
  if (isJudged(current)) return
  // What a runner's adapter set stays its own.
  if (current.app) current.mapsStacks = false
  endApp()
  stopTracing()
  for (const scope of [current.file, ...current.running]) scope.records.clear()
  current.fronts.clear()
  current.commands.clear()
  current.records = new WeakMap()
}

/** Whether what is seen now is a test runner's to judge, not an app's. */
const isJudged = ({ users, sink, app }: State): boolean => users.runner && sink !== undefined && !app

/** Whether driver objects are being seen now. */
export const isTracing = (): boolean => tracing()

/**
 * What looks leaked at this moment, grouped by creation site, as plain data: everything whose level is not `off`.
 * It neither waits nor asks the server, so work in flight shows as `busy`.
 * @param target only what belongs to it: a Db, Collection, MongoClient, mongoose Connection, Model or the mongoose object
 * @throws a TypeError for any other target
 */
export function leaks(target?: unknown): Leak[] {
  const wanted = target === undefined ? undefined : targetOf(target, 'leaks()')
  sayIfBlind()
  const current = state()
  // A client that is connected leaks by the end of its file, or of the process, not before.
  const records = liveRecords(current).filter(
    (record) => record.kind !== 'client' && (wanted === undefined || isOf(wanted, record)),
  )
  return groupLeaks(suspects(records).map(toLeak).filter(isNews))
}

/**
 * Says that the running test may leave cursors open: nothing that it opened, or will open, is reported.
 * Outside a test it does the same for what the file opens outside its tests.
 */
export function allowLeaks(): void {
  const current = state()
  const scope = callingTest(current) ?? current.file
  scope.allowed = true
}
