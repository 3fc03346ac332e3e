import { types } from 'node:util'
import { guard } from '../../say.ts'
import { field, isObject, longToBigInt } from '../fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import { isPending } from '../pending.ts'
import type { LiveRecord } from '../record.ts'
import { capture, giveBack, makeRoom, type Trace } from '../stack.ts'

/**
 * The first commands of one cursor. Two reads that overlap before the first reply each send one of their own: the driver
 * keeps the id of the last reply and forgets the others, which stay on the server.
 */
export interface Starts {
  /** The cursor: a change stream makes another one when it resumes. */
  of: object
  sent: number
  answered: number
  /**
   * What is under way and not listened to. Weakly: a promise holds its reply's documents, and one that is gone had its reply.
   */
  quiet: Set<WeakRef<object>>
  /** Replies that were no error. */
  good: number
  /** The most that were under way at the same time. */
  atOnce: number
  /** Where a later one was sent while another was under way. */
  again?: Trace
  /** Ids (the driver's own Long objects) that replies brought and no getMore has ended; kept only once two overlap. */
  ids: Map<bigint, unknown>
}

/** Enough to get out of the driver, to the line that reads. */
const AGAIN_DEPTH = 24

/** Sees the first command of a cursor being sent: every major has one method for it, whose reply brings the id. */
export function watchStart(leaf: object, recordOf: RecordOf, keep: Keep): Undo {
  return wrapMethod(leaf, '_initialize', (original) => {
    return function self(this: object, ...args: unknown[]) {
      const record = recordOf(this)
      const starts = record && begin(record, this, self)
      if (!record || !starts) return original.apply(this, args)
      // Closed before the command left (driver 4.0), or while it is on its way.
      if (record.closedBy === 'close') closedWhileStarting(record, keep)
      const { given, took } = followed(args, { record, starts, keep })
      const limit = makeRoom()
      try {
        return took(original.apply(this, given))
      } finally {
        giveBack(limit)
      }
    }
  })
}

/** Sees what reads on, once reads have overlapped: an id that was read to its end is not lost. */
export const watchGetMore = (proto: object, recordOf: RecordOf): Undo[] =>
  ['getMore', '_getMore'].map((name) =>
    wrapMethod(proto, name, (original) => {
      return function (this: object, ...args: unknown[]) {
        const starts = recordOf(this)?.starts
        if (!starts || starts.atOnce < 2) return original.apply(this, args)
        const asked = longToBigInt(field(this, 'id'))
        const { given, took } = observed(args, (reply) => {
          // Read to its end, or failed: the server has it no longer.
          if (asked !== undefined && !idIn(reply)) starts.ids.delete(asked)
        })
        return took(original.apply(this, given))
      }
    }),
  )

type RecordOf = (cursor: object) => LiveRecord | undefined
/** Holds a record on that was dropped when its object was closed. */
type Keep = (record: LiveRecord) => void

function begin(record: LiveRecord, cursor: object, from: AnyFunction): Starts {
  let starts = record.starts
  if (starts?.of !== cursor) {
    // A change stream that resumes: its cursor before was closed by the driver.
    record.lostIds.push(...forgottenIds(record, starts && longToBigInt(field(starts.of, 'id'))))
    starts = { of: cursor, sent: 0, answered: 0, quiet: new Set(), good: 0, atOnce: 0, ids: new Map() }
    record.starts = starts
  }
  starts.sent++
  const atOnce = underWay(starts)
  if (atOnce > 1) starts.again ??= capture(from, AGAIN_DEPTH)
  starts.atOnce = Math.max(starts.atOnce, atOnce)
  return starts
}

/** A first command is under way. */
export const isStarting = ({ starts }: LiveRecord): boolean => starts !== undefined && underWay(starts) > 0

/** How many first commands have no reply yet. */
function underWay(starts: Starts): number {
  for (const one of starts.quiet) {
    if (isPending(one.deref())) continue
    starts.quiet.delete(one)
    starts.answered++
  }
  return starts.sent - starts.answered
}

interface Started {
  record: LiveRecord
  starts: Starts
  keep: Keep
}

/**
 * How a first command is followed. V8 follows a stack only through promises with one reaction, which is the driver's own:
 * so a promise is listened to only once a second command is sent before its reply came.
 */
function followed(args: unknown[], { record, starts, keep }: Started): Followed {
  const tell = (state: unknown, late = false): void => answer(record, starts, state, keep, late)
  if (starts.atOnce > 1) {
    for (const one of starts.quiet) listen(one.deref(), (state) => tell(state, true))
    starts.quiet.clear()
    return observed(args, tell)
  }
  const { given, took } = observed(args, tell)
  if (given !== args) return { given, took }
  return {
    given,
    took(result) {
      if (types.isPromise(result)) starts.quiet.add(new WeakRef(result))
      else starts.answered++
      return result
    },
  }
}

/** Reads overlapped, and the server takes the command. Over little data the first reply's end may make the next fail. */
export const isOverlapping = ({ starts }: LiveRecord): boolean =>
  starts !== undefined && starts.atOnce > 1 && starts.good > 0

/** The close that came now can't kill what the reply will bring. */
export function closedWhileStarting(record: LiveRecord, keep: Keep): void {
  record.closedStarting = true
  keep(record)
}

/** Its close killed this one by itself. */
export function noteKilled({ starts }: LiveRecord, id: bigint | undefined): void {
  if (id !== undefined && field(starts?.of ?? {}, 'killed') === true) starts?.ids.delete(id)
}

/** @param late whether the driver has taken the reply in before; else it is about to */
function answer(record: LiveRecord, starts: Starts, state: unknown, keep: Keep, late: boolean): void {
  starts.answered++
  if (!isObject(state)) return
  starts.good++
  if (starts.atOnce < 2) return
  // Its id may be forgotten even when its user closes it.
  keep(record)
  const { response } = state
  const long = isObject(response) ? longOf(response) : undefined
  const id = longToBigInt(long)
  if (id && !(late ? wasKilled(starts.of, id) : willBeKilled(starts.of))) starts.ids.set(id, long)
}

/** The driver has taken this reply in, found the cursor closed, and killed it. */
const wasKilled = (cursor: object, id: bigint): boolean =>
  field(cursor, 'killed') === true && longToBigInt(field(cursor, 'id')) === id

/** Closed by now, drivers 5.9 and later kill what the reply brings, once, while the session lives. */
function willBeKilled(cursor: object): boolean {
  if (field(cursor, 'isDead') !== true) return false
  const session = field(cursor, 'session')
  if (isObject(session) && session.hasEnded === true) return false
  return !('cursorId' in cursor) || field(cursor, 'killed') !== true
}

/** The ids that replies brought, and that the driver knows no more. */
export function forgottenIds({ starts }: LiveRecord, known: bigint | undefined): unknown[] {
  if (!starts || starts.atOnce < 2) return []
  return [...starts.ids].filter(([id]) => id !== known).map(([, long]) => long)
}

const longOf = (response: Record<string, unknown>): unknown => {
  const { cursor } = response
  return longToBigInt(response.id) === undefined && isObject(cursor) ? cursor.id : response.id
}

function idIn(reply: unknown): bigint | undefined {
  return isObject(reply) ? longToBigInt(longOf(reply)) : undefined
}

/** What a method of the driver is called with, and what its caller gets. Its call itself stands where one frame of ours does. */
interface Followed {
  given: unknown[]
  took(result: unknown): unknown
}

/**
 * Is told the reply, or undefined for an error, before the driver takes it in: drivers 4 and 5 call back, the later ones
 * promise. A fault of ours must not reach the driver there.
 */
function observed(args: unknown[], tell: (reply: unknown) => void): Followed {
  const callback = args.at(-1)
  if (typeof callback === 'function') {
    const safely = safe(tell)
    const watched = (...results: unknown[]): unknown => {
      safely(results[0] ? undefined : results[1])
      return (callback as AnyFunction)(...results)
    }
    return { given: [...args.slice(0, -1), watched], took: (result) => result }
  }
  return {
    given: args,
    took(result) {
      listen(result, tell)
      return result
    },
  }
}

const safe = (tell: (reply: unknown) => void) => (reply: unknown) => guard('reading a reply', () => tell(reply))

function listen(result: unknown, tell: (reply: unknown) => void): void {
  const safely = safe(tell)
  if (types.isPromise(result)) result.then(safely, () => safely(undefined))
}
