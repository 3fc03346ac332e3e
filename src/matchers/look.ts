import { isNews, type Suspect, suspects, toLeak } from '../check/judge.ts'
import { isCovered } from '../check/unique.ts'
import { NativeError } from '../native.ts'
import { options } from '../options.ts'
import { groupLeaks } from '../report/group.ts'
import type { Leak } from '../report/leak.ts'
import { checkNames, word } from '../shown.ts'
import { state } from '../state.ts'
import { liveRecords } from '../trace/keep.ts'
import { clientOf } from '../trace/owner.ts'
import type { LiveRecord } from '../trace/record.ts'
import { isTracing } from '../trace/registry.ts'
import { runningNow } from '../trace/scope.ts'
import { belongs, type Target, targetOf } from './target.ts'

/** Which cursors a question is about. */
export interface LookOptions {
  /**
   * `test`: while several tests run at the same time, what the calling test opened. `all`: whoever opened it.
   * @default 'test'
   */
  scope?: 'test' | 'all'
}

export interface Look {
  target: Target
  /** What fails, grouped by creation site. */
  leaks: Leak[]
  /** Cursors that only their collection's indexes can acquit, which can't be asked for without waiting. */
  open: number
}

/**
 * What of a target looks leaked at this moment, without waiting and without asking the server: what has the level `fail`.
 * What is found counts as reported, until the same question is asked again.
 * @throws a TypeError for a target or option that can't be used, an Error where tracing is not on
 */
export function look(received: unknown, wanted: LookOptions | undefined, asker: string): Look {
  const target = targetOf(received, asker)
  const scope = scopeOf(wanted, asker)
  needTracing(asker)
  const asked = recordsOf(target, scope)
  for (const record of asked) if (record.asked) Object.assign(record, { settled: false, asked: false })
  const failing = suspects(asked)
    .filter(({ level }) => level === 'fail')
    .map((suspect) => ({ suspect, covered: coveredBy(suspect) }))
    .filter(({ covered }) => covered !== true)
  const sure = failing.filter(({ covered }) => covered === false).map(({ suspect }) => suspect)
  const found = sure
    .map((suspect) => ({ suspect, leak: toLeak(suspect) }))
    .filter(({ leak }) => leak.level === 'fail' && isNews(leak))
  for (const { suspect } of found) Object.assign(suspect.record, { settled: true, asked: true })
  return { target, leaks: groupLeaks(found.map(({ leak }) => leak)), open: failing.length - sure.length }
}

/** An index that this process created, and a list of them that was fetched before, answer at once; else undefined. */
const coveredBy = ({ verdict: { askUnique } }: Suspect): boolean | undefined =>
  askUnique === undefined ? false : isCovered(askUnique)

function recordsOf(target: Target, scope: 'test' | 'all'): LiveRecord[] {
  const current = state()
  const all = liveRecords(current).filter(
    (record) => (record.kind === 'cursor' || record.kind === 'changeStream') && !record.scope.allowed,
  )
  const own = current.als.getStore()?.scope
  // Alone, a test also answers for what its file has open: nobody else can close it meanwhile.
  const mine = scope === 'test' && runningNow(current).length > 1 ? (own && !own.done ? own : current.file) : undefined
  return all.filter((record) => (mine === undefined || record.scope === mine) && isOf(target, record))
}

/** Whether a record's object belongs to a target. */
export function isOf(target: Target, record: LiveRecord): boolean {
  const client = clientOf(record.target)
  if (!target.clients.includes(client as object)) return false
  return target.namespace === undefined || belongs(target, client, record.resource.judge(record)?.namespace ?? '')
}

function scopeOf(wanted: LookOptions | undefined, asker: string): 'test' | 'all' {
  const scope: unknown = checkNames(wanted, ['scope'], asker).scope ?? 'test'
  if (scope === 'test' || scope === 'all') return scope
  throw new TypeError(`${asker}: the option "scope" is ${word(scope)}; allowed: "test" or "all"`)
}

/** Never a silent pass: without tracing no cursor is seen. */
export function needTracing(asker: string): void {
  if (!options().enabled) {
    throw new NativeError(
      `${asker}: tracing is switched off (CURSORLEAK=off, or the option enabled: false), so no cursor is seen`,
    )
  }
  if (isTracing()) return
  throw new NativeError(
    `${asker}: tracing is not on, so no cursor is seen: add 'cursorleak/vitest' to setupFiles (Jest: 'cursorleak/jest' ` +
      `to setupFilesAfterEnv; Mocha: --require cursorleak/mocha; node:test: --import cursorleak/node-test), ` +
      `or call startTrace() before the client is made`,
  )
}
