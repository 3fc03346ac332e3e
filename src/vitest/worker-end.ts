import { type Suspect, suspects } from '../check/judge.ts'
import { move } from '../check/leave.ts'
import { closeReported } from '../check/reported.ts'
import { within } from '../clock.ts'
import { endScope } from '../runner.ts'
import { guard, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { newScope, type Scope } from '../trace/scope.ts'
import { leaveNotes, noteWaiting } from './notes.ts'

/** What the worker keeps on the global object, in every version. */
export interface Worker {
  filepath?: string
  ctx?: { pool?: string }
  config?: {
    mode?: string
    benchmark?: { enabled?: boolean }
    isolate?: boolean
    pool?: string
    /** Before Vitest 4 each pool has a setting of its own. */
    poolOptions?: Record<string, { isolate?: boolean } | undefined>
  }
  /** From Vitest 3.2 on: called when the worker ends, all at once. */
  onCleanup?(listener: () => Promise<void>): void
}

/** Far below `teardownTimeout`, after which Vitest ends a worker by force. */
const TEARDOWN_MS = 5_000
const OTHERS_MS = 500

/** The scope of this worker's fixtures: it ends with the worker, behind every file. */
export function workerScope(): Scope {
  const { worker, file } = state()
  if (!worker.scope || worker.scope.done) {
    worker.scope = { ...newScope('file', file.name), worker: true }
    if (atWorkersEnd()) noteWaiting(true)
    else sayOnce('this Vitest does not tell when a worker ends; fixtures of worker scope are not checked')
  }
  return worker.scope
}

/** Follows a fixture of worker scope to its end. */
export function workerFixture(returned: Promise<unknown>): Promise<unknown> {
  const { calls } = state().worker
  calls.add(returned)
  returned.then(
    () => calls.delete(returned),
    () => {},
  )
  return returned
}

/**
 * With `isolate: false` the next file gets the same modules: a change stream, session or client that one of them shares may
 * be closed there. What could only be warned about is asked when the worker ends.
 */
export function leaveToWorker(file: Scope): void {
  if (!file.shared) return
  const lasting = guard('looking for what files share', () => suspects(file.records, true).filter(mayBeShared)) ?? []
  if (lasting.length === 0 || !atWorkersEnd()) return
  const { worker } = state()
  if (!worker.left) {
    worker.left = { ...newScope('file'), shared: true }
    noteWaiting(true)
  }
  for (const { record } of lasting) move(record, file, worker.left)
}

/** Not what a fixture of the file opened, which is over with it, and nothing whose client is gone. */
function mayBeShared({ record, verdict, level }: Suspect): boolean {
  const { kind, by, beforeSweep, kept } = record
  return (
    level === 'warn' &&
    by !== 'fixture' &&
    !beforeSweep &&
    (verdict.waits === true || kept === true || kind === 'client' || kind === 'session')
  )
}

/** Keeps what a file reported until no other file of this worker can use it. */
export function closeAtWorkersEnd(file: Scope): void {
  if (file.shared && file.reported?.size && atWorkersEnd()) state().worker.files.add(file)
}

function atWorkersEnd(): boolean {
  const { worker } = state()
  const host = (globalThis as { __vitest_worker__?: Worker }).__vitest_worker__
  if (!host?.onCleanup) return false
  if (!worker.isAwaited) guard('waiting for the end of the worker', () => host.onCleanup?.(endWorker))
  worker.isAwaited = true
  return true
}

async function endWorker(): Promise<void> {
  const { worker } = state()
  // Vitest tears its fixtures down at this moment.
  const torn = within(Promise.all(worker.calls), TEARDOWN_MS)
  await torn.catch(() => within(Promise.allSettled(worker.calls), OTHERS_MS))
  if (worker.scope) {
    leaveNotes(await endScope(worker.scope), worker.scope.name)
    noteWaiting(false)
  }
  if (worker.left) {
    leaveNotes(await endScope(worker.left))
    noteWaiting(false)
  }
  delete worker.left
  for (const file of worker.files) {
    file.shared = false
    await closeReported(file)
  }
  worker.files.clear()
}
