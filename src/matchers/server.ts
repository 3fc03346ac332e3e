import { untilRest } from '../clock.ts'
import { options } from '../options.ts'
import { siteOf, userFrames } from '../report/frames.ts'
import type { Site } from '../report/leak.ts'
import { mapped } from '../report/source.ts'
import { state } from '../state.ts'
import { cursorIdOf } from '../trace/closed.ts'
import { liveRecords } from '../trace/keep.ts'
import type { LiveRecord } from '../trace/record.ts'
import { stackText } from '../trace/stack.ts'
import { askServer, type ServerAnswer } from './current-op.ts'
import { from } from './from.ts'
import { isOf } from './look.ts'
import type { MatcherResult } from './no-leaks.ts'
import { serverText } from './server-text.ts'
import { type Target, targetOf } from './target.ts'
import { awaited } from './unawaited.ts'

const NAME = 'toHaveNoOpenServerCursors()'

/**
 * Asks the server which cursors it holds for the received object: with `$currentOp`, else it counts with `serverStatus`.
 * It sees what was closed here and is alive there, and what other processes opened. To be awaited: a test that ends
 * before the answer fails for that.
 * @param received a Db, Collection or MongoClient of any driver 4 to 7, or a mongoose Connection, Model or mongoose itself
 * @throws a TypeError for anything else received; what the driver throws where the server can't be asked
 */
export function toHaveNoOpenServerCursors(received: unknown): Promise<MatcherResult> {
  const target = from(toHaveNoOpenServerCursors, () => targetOf(received, NAME))
  return awaited(NAME, toHaveNoOpenServerCursors, ask(target))
}

async function ask(target: Target): Promise<MatcherResult> {
  const answer = await settled(target)
  const seen = sitesOf(target, answer)
  return { pass: answer.count === 0, message: () => serverText(target, answer, seen, options().maxReported) }
}

/** A kill may be on its way: waits up to `settleMs`, as the check at a test's end does. */
async function settled(target: Target): Promise<ServerAnswer> {
  const { settleMs } = options()
  let answer = withoutReported(await askServer(target))
  let looks = 0
  await untilRest(settleMs, async () => {
    if (looks++ > 0) answer = withoutReported(await askServer(target))
    return answer.count > 0
  })
  return answer
}

/** What a test of this file has failed for is still open, and is told no second time. */
function withoutReported(answer: ServerAnswer): ServerAnswer {
  const left = [...(state().file.reported ?? [])].filter(({ closedBy }) => closedBy === undefined)
  const ids = new Set(left.map(cursorIdOf))
  const { count, cursors } = answer
  if (!cursors) return { ...answer, count: Math.max(0, count - [...ids].filter((id) => id !== undefined).length) }
  const others = cursors.filter(({ id }) => !ids.has(id))
  return { ...answer, count: others.length, cursors: others }
}

/**
 * Where the cursors were created that were seen here: those which the server lists, else those of the target that are
 * open here. What is reported by this is not reported again.
 */
function sitesOf(target: Target, { cursors, count }: ServerAnswer): Map<string, Site | undefined> {
  const current = state()
  const found = new Map<string, Site | undefined>()
  const live = new Map<string, LiveRecord>()
  for (const record of count === 0 ? [] : liveRecords(current)) {
    const id = record.beforeSweep?.cursorId ?? (record.closedBy ? undefined : cursorIdOf(record))
    if (id !== undefined && (record.beforeSweep || isOf(target, record))) live.set(id, record)
  }
  for (const id of cursors?.map((cursor) => cursor.id) ?? live.keys()) {
    const record = live.get(id)
    if (record) Object.assign(record, { settled: true, asked: true })
    const trace = record?.trace ?? current.closed.get(id)
    if (trace) found.set(id, siteOf(userFrames(mapped(stackText(trace)), true)))
  }
  return found
}
