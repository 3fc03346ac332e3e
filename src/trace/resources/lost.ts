import type { EventEmitter } from 'node:events'
import { field, isObject, longToBigInt } from '../fields.ts'
import { topologyOf } from '../owner.ts'
import { isRejected } from '../pending.ts'
import { isReachable } from '../pools.ts'
import type { LiveRecord } from '../record.ts'
import type { Verdict } from './resource.ts'
import { forgottenIds, isStarting } from './starting.ts'

export const FIX_OVERLAP = 'await each read before the next one'
const FIX_REWOUND = 'close it first: `await cursor.close()`, then `cursor.rewind()`'
const WHY_CLOSED_STARTING = 'a fault of the driver, which sends no killCursors then; to avoid it '

/** The first event of a change stream may never come: there is something else to wait for. */
export function fixClosedStarting({ kind, target }: LiveRecord): string {
  const how =
    kind !== 'changeStream'
      ? 'wait for the first read before you close'
      : listens(target)
        ? "wait for its event 'resumeTokenChanged' and one turn more (`setImmediate`) before you close"
        : '`await changeStream.tryNext()` before you read on or close'
  return WHY_CLOSED_STARTING + how
}

/** A change stream that is listened to: it begins by itself, in a later turn. */
export const listens = (target: object): boolean =>
  typeof field(target, 'listenerCount') === 'function' && (target as EventEmitter).listenerCount('change') > 0

type Part = Omit<Verdict, 'namespace' | 'operation'>

/**
 * The id under which the server holds a driver's cursor as far as its fields say, closed or not. Drivers 6 and 7 set the
 * id of a killed one to zero; the ones before keep it.
 */
export function heldId(record: LiveRecord, cursor: object): bigint | undefined {
  const id = longToBigInt(field(cursor, 'id'))
  if (id === undefined || id === 0n || record.closedBy === 'sweep') return undefined
  if (field(cursor, 'killed') !== true) return id
  // Its session ended before the reply came: no kill can have been sent.
  const session = field(cursor, 'session')
  return record.closedStarting && isObject(session) && session.explicit === false ? id : undefined
}

/** Ids that the driver has forgotten, by `rewind()` or by reads that overlapped. */
export function judgeLost(record: LiveRecord, cursor: object): Part | undefined {
  const held = heldId(record, cursor)
  const lost = [...record.lostIds, ...forgottenIds(record, held)]
  const { atOnce: started = 0, good = 0 } = record.starts ?? {}
  const isOverlapped = started > 1 && good > 1 && (lost.length > record.lostIds.length || held !== undefined)
  if (lost.length === 0 && !isOverlapped) return undefined
  const openToo = held !== undefined
  return {
    state: 'lost',
    cursorId: String(longToBigInt(lost[0]) ?? held),
    held: lost.length + (openToo ? 1 : 0),
    ...(isOverlapped
      ? { fix: FIX_OVERLAP, started }
      : { fix: FIX_REWOUND, notes: openToo ? ['the cursor that was read after it is open too'] : [] }),
  }
}

/** The ids on the server that no call of their owner's reaches, as the driver's own Long objects. */
export function unreachableIds(record: LiveRecord): unknown[] {
  // A change stream's is behind it.
  const cursor = record.starts?.of ?? record.target
  const held = heldId(record, cursor)
  const closed = held !== undefined && record.closedBy === 'close' ? [field(cursor, 'id')] : []
  return [...record.lostIds, ...forgottenIds(record, held), ...closed]
}

/** Closed before the first reply came: the driver sends no killCursors for what that brings, and the id shows it. */
export function judgeClosedStarting(record: LiveRecord, cursor: object): Part | undefined {
  if (!record.closedStarting || record.closedBy !== 'close') return undefined
  const held = heldId(record, cursor)
  if (held !== undefined) {
    // Its server may have died after it had answered, and the cursor with it.
    if (!isReachable(topologyOf(cursor))) return undefined
    return { state: 'unkilled', cursorId: String(held), fix: fixClosedStarting(record), proven: true }
  }
  // Not answered so far: it may still come to hold one, so that its file judges it again; nothing is told of it until then.
  const isOpenQuestion = isStarting(record) && !isRejected(record.lastOperation)
  return isOpenQuestion ? { state: 'idle', fix: fixClosedStarting(record), unanswered: true } : undefined
}
