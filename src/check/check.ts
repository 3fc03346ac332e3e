import { options } from '../options.ts'
import { groupLeaks } from '../report/group.ts'
import type { Leak } from '../report/leak.ts'
import { guard, guardAsync } from '../say.ts'
import { state } from '../state.ts'
import { linkFronts } from '../trace/link.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Scope } from '../trace/scope.ts'
import { closeLeaked } from './close.ts'
import { confirmClosed } from './confirm.ts'
import { isNews, type Suspect, suspects, toLeak } from './judge.ts'
import { settle } from './settle.ts'
import { withoutUnique } from './unique.ts'

/** What a check found, grouped by creation site. */
export interface Findings {
  fail: Leak[]
  warn: Leak[]
}

const NOTHING: Findings = { fail: [], warn: [] }

/**
 * Judges what a scope opened, at its end: settles, asks for unique indexes, closes what fails. A scope with nothing
 * suspicious costs one pass over its records and no turn of the event loop.
 */
export async function checkScope(scope: Scope): Promise<Findings> {
  // Most tests open nothing: not even the environment is read for them.
  if (scope.records.size === 0 && !scope.early) return NOTHING
  const current = options()
  linkFronts(state())
  if (current.enabled && scope.early && !scope.allowed)
    await guardAsync('asking the server', () => confirmClosed(scope))
  if (!current.enabled || scope.records.size === 0) return endScope(scope, NOTHING)
  if (scope.allowed) {
    for (const record of scope.records) record.settled = true
    return endScope(scope, NOTHING)
  }
  const own = scope.kind === 'test' ? leaveWaiting(scope) : scope.records
  const asked = [...own].filter((record) => record.asked)
  if (asked.length > 0 && current.closeLeaked) await closeLeaked(stillLeaked(asked))
  if (suspects(own).length === 0) return endScope(scope, NOTHING)
  const found = await withoutUnique(await settle([...own], current.settleMs))
  const reported = found.map((suspect) => ({ suspect, leak: toLeak(suspect) })).filter(({ leak }) => isNews(leak))
  const failing = reported.filter(({ suspect }) => suspect.level === 'fail')
  for (const { suspect } of reported) settleSuspect(suspect, scope)
  if (current.closeLeaked) await closeLeaked(failing.map(({ suspect }) => suspect.record))
  return endScope(scope, {
    fail: groupLeaks(failing.map(({ leak }) => leak)),
    warn: groupLeaks(reported.filter(({ suspect }) => suspect.level === 'warn').map(({ leak }) => leak)),
  })
}

/** A change stream or tailable cursor that was charged to this test by guess may be a shared app's: the file's then. */
function leaveWaiting(scope: Scope): LiveRecordSet {
  for (const { record, verdict } of suspects([...scope.records].filter((r) => r.guessed))) {
    if (verdict.waits) move(record, scope)
  }
  return scope.records
}
type LiveRecordSet = Scope['records']

/** What a matcher has reported stays open for the rest of its test; then it is closed like every reported leak. */
function stillLeaked(asked: LiveRecord[]): LiveRecord[] {
  return asked.filter((record) => {
    const verdict = guard('judging', () => record.resource.judge(record))
    return verdict !== undefined && verdict.state !== 'busy'
  })
}

/** Reported once is enough; what is only busy is judged again with the file. */
function settleSuspect({ record, verdict }: Suspect, scope: Scope): void {
  if (verdict.state === 'busy' && scope.kind === 'test') return
  record.settled = true
}

/** What is left over (idle, busy, built but not yet used) may still leak later: the file answers for it. */
function endScope(scope: Scope, findings: Findings): Findings {
  if (scope.kind === 'test') {
    for (const record of scope.records)
      if (!record.settled && guard('judging', () => record.resource.judge(record))) move(record, scope)
  }
  scope.records.clear()
  return findings
}

function move(record: Parameters<Scope['records']['add']>[0], from: Scope): void {
  const { file } = state()
  from.records.delete(record)
  record.scope = file
  record.test ??= from.name
  file.records.add(record)
}
