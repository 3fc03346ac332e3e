import { lastOptions, options } from '../options.ts'
import { groupLeaks } from '../report/group.ts'
import type { Leak } from '../report/leak.ts'
import { guard, guardAsync } from '../say.ts'
import { state } from '../state.ts'
import { linkFronts } from '../trace/link.ts'
import { openedBy } from '../trace/opener.ts'
import { isLoop } from '../trace/reading.ts'
import type { Scope } from '../trace/scope.ts'
import { killLost } from './close.ts'
import { confirmClosed } from './confirm.ts'
import { withFirstReplies } from './first-reply.ts'
import { isNews, onceASite, type Suspect, toLeak } from './judge.ts'
import { leaveToFile, move } from './leave.ts'
import { closeReported, corrections, report } from './reported.ts'
import { settle } from './settle.ts'
import { asUnsure, withoutUnique } from './unique.ts'

/** What a check found, grouped by creation site. */
export interface Findings {
  fail: Leak[]
  warn: Leak[]
  /** Of a file: sentences about what failed its tests and was closed by its owner after that. */
  corrections?: string[]
}

const NOTHING: Findings = { fail: [], warn: [] }

/**
 * Judges what a scope opened, at its end: asks for unique indexes, settles, tells. A scope with nothing suspicious costs
 * one pass over its records and no turn of the event loop. What a test failed for stays as its owner left it until the
 * file is over: without us it would have, too.
 */
export async function checkScope(scope: Scope): Promise<Findings> {
  // Most tests open nothing: not even the environment is read for them.
  const mayCorrect = scope.kind === 'file' && state().worker.files.size > 0
  if (scope.records.size === 0 && !scope.early && !scope.reported && !mayCorrect) return NOTHING
  const { enabled } = options()
  linkFronts(state())
  if (enabled && scope.early && !scope.allowed) await guardAsync('asking the server', () => confirmClosed(scope))
  const found = enabled && scope.records.size > 0 ? await look(scope) : NOTHING
  for (const record of scope.records) if (record.asked) report(record, scope)
  endScope(scope)
  if (scope.kind === 'test') return found
  const told = corrections(scope)
  await closeReported(scope)
  return { ...found, corrections: told }
}

async function look(scope: Scope): Promise<Findings> {
  if (scope.allowed) {
    for (const record of scope.records) record.settled = true
    return NOTHING
  }
  if (scope.kind === 'test') leaveToFile(scope)
  const first = await withFirstReplies(scope)
  if (first.length === 0) return NOTHING
  const news = (await judged(first))
    .map((suspect) => ({ suspect, leak: toLeak(suspect) }))
    .filter(({ leak }) => isNews(leak))
  for (const { suspect } of news) settleSuspect(suspect, scope)
  const reported = onceASite(news)
  const failing = reported.filter(({ leak }) => leak.level === 'fail')
  for (const { suspect } of failing) report(suspect.record, scope)
  await killLost(failing.map(({ suspect }) => suspect.record))
  return {
    fail: groupLeaks(failing.map(({ leak }) => leak)),
    warn: groupLeaks(reported.filter(({ leak }) => leak.level === 'warn').map(({ leak }) => leak)),
  }
}

/** The indexes are asked for before anything is waited for: a clean look-up by a unique key costs one question. */
async function judged(first: Suspect[]): Promise<Suspect[]> {
  const left = await withoutUnique(first)
  const unsure = new Set(left.filter((suspect) => suspect.unsure).map(({ record }) => record))
  const records = left.map(({ record }) => record)
  const found = (await settle(records, lastOptions().settleMs, (record) => unsure.has(record))).filter(
    (s) => !s.record.toldBusy || s.verdict.state !== 'busy',
  )
  // What could not be asked is not asked again.
  const isStill = ({ record, verdict }: Suspect): boolean => unsure.has(record) && verdict.askUnique !== undefined
  const asked = await withoutUnique(found.filter((suspect) => !isStill(suspect)))
  const sure = new Map(asked.map((suspect) => [suspect.record, suspect]))
  return found.flatMap((suspect) => (isStill(suspect) ? asUnsure(suspect) : (sure.get(suspect.record) ?? [])))
}

/**
 * Reported once is enough. Work in flight that ends by itself is warned about and let be; a single read that nobody
 * awaited is judged again with the file, as what it left.
 */
function settleSuspect({ record, verdict }: Suspect, scope: Scope): void {
  if (verdict.state === 'busy' && scope.kind === 'test' && !isLoop(record)) record.toldBusy = true
  else record.settled = true
}

const BEFORE_REPLY = ', which was over before its first reply came'

/** What is left over (idle, busy, built but not yet used) may still leak later: the file answers for it. */
function endScope(scope: Scope): void {
  if (scope.kind === 'test') {
    for (const record of scope.records) {
      if (record.settled || record.acquitted) continue
      const verdict = guard('judging', () => record.resource.judge(record))
      if (!verdict) continue
      move(record, scope)
      record.note ??= `${openedBy(record.by, scope.name)}${verdict.starting ? BEFORE_REPLY : ''}`
    }
  }
  scope.records.clear()
}
