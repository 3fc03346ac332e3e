import { closingOf, FIX_ITERATOR } from '../advice.ts'
import { batchOf, boundOf, filtersOf, holdsAll, optionsOf, shapeOf } from '../bounds/bound.ts'
import { uniqueQuestion } from '../bounds/unique.ts'
import { watchCallback } from '../callback.ts'
import { field, isObject, longToBigInt } from '../fields.ts'
import type { AnyFunction, Undo } from '../patch.ts'
import { wrapMethod } from '../patch.ts'
import { isAtEnd, isRejected } from '../pending.ts'
import { hasReader, readerOf } from '../reading.ts'
import type { LiveRecord } from '../record.ts'
import { giveBack, makeRoom } from '../stack.ts'
import { hasAborted, judgeUnkilled } from '../unkilled.ts'
import { watchIterator } from './iterator.ts'
import { FIX_OVERLAP, heldId, judgeClosedStarting, judgeLost } from './lost.ts'
import { FIX_BUSY, type Lookup, type Resource, type Verdict } from './resource.ts'
import { closedWhileStarting, forgottenIds, isOverlapping, isStarting, noteKilled, watchGetMore } from './starting.ts'
import { afterSweep } from './swept.ts'

interface DriverCursor {
  readonly id?: unknown
  readonly killed?: boolean
  readonly closed?: boolean
  readonly namespace?: { toString(): string }
  bufferedCount(): number
  close(): Promise<void>
}

/** Cursors: a prototype with own `bufferedCount` and `rewind` is `AbstractCursor` in every major from 4 on. */
export const cursor: Resource = {
  kind: 'cursor',
  recognise: (proto) =>
    Object.hasOwn(proto, 'bufferedCount') && Object.hasOwn(proto, 'rewind') && Object.hasOwn(proto, 'tryNext'),
  watch,
  judge,
  close: async ({ target, front }) => {
    await (target as DriverCursor).close()
    await front?.resource.close(front)
  },
}

function watch(proto: object, lookup: Lookup): Undo[] {
  const reading = (isRead: boolean) => (original: AnyFunction) =>
    function self(this: object, ...args: unknown[]) {
      const record = lookup.record(this)
      if (!record) return original.apply(this, args)
      const call = watchCallback(args)
      const limit = makeRoom()
      let result: unknown
      try {
        result = original.apply(this, call.args)
      } finally {
        giveBack(limit)
      }
      record.uses++
      if (isRead) record.reads++
      record.lastOperation = call.operation ?? result
      lookup.used(record, self)
      return result
    }
  return [
    wrapMethod(proto, 'next', reading(true)),
    wrapMethod(proto, 'tryNext', reading(true)),
    wrapMethod(proto, 'hasNext', reading(false)),
    wrapMethod(proto, 'readBufferedDocuments', (original) => {
      return function (this: object, ...args: unknown[]) {
        const result: unknown = original.apply(this, args)
        const record = lookup.record(this)
        if (record && Array.isArray(result)) record.reads += result.length
        return result
      }
    }),
    wrapMethod(proto, 'close', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (!record) return original.apply(this, args)
        lookup.ended(record, 'close')
        if (isStarting(record)) closedWhileStarting(record, lookup.keep)
        const { id } = this as DriverCursor
        const open = isOpen(this as DriverCursor)
        const isEarly = record.early !== undefined || open !== false
        if (!isEarly) return original.apply(this, args)
        const call = watchCallback(args)
        const result: unknown = original.apply(this, call.args)
        if (open) noteKilled(record, open)
        lookup.closedEarly(record, record.early?.id ?? id, call.operation ?? result)
        return result
      }
    }),
    wrapMethod(proto, 'rewind', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        const cursor = this as DriverCursor
        const held = record && heldId(record, cursor)
        const { id: lostId } = cursor
        const forgotten = record ? forgottenIds(record, held) : []
        const result = original.apply(this, args)
        if (!record) return result
        // Before the first reply it does nothing.
        if (!isStarting(record)) delete record.starts
        record.lostIds.push(...forgotten)
        lookup.revived(record, held === undefined ? undefined : lostId)
        return result
      }
    }),
    wrapMethod(proto, 'stream', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (!record) return original.apply(this, args)
        record.usesBefore = record.uses
        // Driver 4 and 5 pipe through a Transform: the stream in front of the cursor is built inside, unseen by the caller.
        const { built, end } = lookup.collect()
        let result: unknown
        try {
          result = original.apply(this, args)
        } finally {
          end()
        }
        record.streams.push(...built)
        // Where emitters can't be seen being built, the stream that is handed out is.
        if (isObject(result) && !built.includes(result)) record.streams.push(result)
        return result
      }
    }),
    watchIterator(proto, lookup),
    ...watchGetMore(proto, lookup.record),
  ]
}

/** The id under which the server holds the cursor, or false. Driver 4 keeps the id of a killed one. */
function isOpen(target: DriverCursor): bigint | false {
  const id = longToBigInt(target.id)
  return id !== undefined && id !== 0n && target.killed !== true && id
}

/**
 * Read to its end by a loop, `toArray()` or the like, and nothing about it is unusual. Most cursors of most tests are so,
 * and a longer look would find nothing at many times the cost.
 */
function isDrained(record: LiveRecord, target: DriverCursor): boolean {
  const { iterated, beforeSweep, unkilled, closedStarting, lostIds, streams, starts, front } = record
  if (!iterated || beforeSweep || unkilled || closedStarting || front) return false
  if (lostIds.length > 0 || streams.length > 0 || (starts && (starts.atOnce > 1 || starts.ids.size > 0))) return false
  return longToBigInt(target.id) === 0n && target.bufferedCount() === 0
}

function judge(record: LiveRecord): Verdict | undefined {
  const target = record.target as DriverCursor
  if (isDrained(record, target)) return undefined
  const base = { namespace: String(target.namespace ?? ''), operation: operationOf(record), fix: fixOf(record) }
  const lost = judgeLost(record, target)
  if (lost) return { ...base, ...lost, documentsRead: documentsRead(record) }
  const late = judgeUnkilled(record) ?? judgeClosedStarting(record, target)
  if (late) return { ...base, ...late }
  if (record.beforeSweep) return afterSweep(base, record.beforeSweep)
  if (isOverlapping(record) && !isOpen(target)) return judgeOverlapping(record, base)
  if (record.closedBy && !heldBack(record)) return undefined
  // An error and an aborted signal make the driver close by itself; over little data the server was done before.
  if (!isOpen(target) && (hasAborted(target) || isRejected(record.lastOperation))) return undefined
  const options = optionsOf(target)
  const waits = options.tailable === true
  const busy = !waits && readerOf(record) !== undefined
  const id = isOpen(target)
  if (id) {
    const notes = options.noCursorTimeout === true ? ['noCursorTimeout is set: the server never times it out'] : []
    const verdict = { ...base, cursorId: String(id), documentsRead: documentsRead(record), notes, waits }
    return busy ? { ...verdict, state: 'busy', fix: FIX_BUSY } : { ...verdict, state: 'open' }
  }
  if (longToBigInt(target.id) === undefined) {
    if (target.closed) return undefined
    // A stream that flows asks for its first document in a later turn.
    const begins = readerOf(record) !== undefined || record.streams.some(hasReader)
    if (waits) return { ...base, state: 'idle', waits, starting: begins || isStarting(record) }
    return begins ? { ...base, state: 'busy', fix: FIX_BUSY } : { ...base, state: 'idle' }
  }
  const done = { ...base, documentsRead: documentsRead(record) }
  const left = unread(record)
  // An iterator and a stream of 6 and 7 stop at the last document that was fetched, and see no end.
  const sawEnd = isAtEnd(record.lastOperation) || record.iterated || record.streams.length > 0 || record.uses === 0
  if (waits || (left === 0 && sawEnd)) return undefined
  const bound = boundOf(target)
  if (bound.kind === 'bounded' || holdsAll(target, bound.atMost, sentTo(record))) return undefined
  if (left > 0 && busy) return { ...done, state: 'busy', fix: FIX_BUSY }
  const asked = question(target, bound)
  return left > 0
    ? { ...done, state: 'abandoned', batch: batchOf(target), ...asked }
    : { ...done, state: 'unfinished', ...asked }
}

/** Over little data the server was done with each of the first commands; over more it holds all but one for good. */
function judgeOverlapping(record: LiveRecord, base: Pick<Verdict, 'namespace' | 'operation'>): Verdict | undefined {
  const bound = boundOf(record.target)
  if (bound.kind === 'bounded') return undefined
  const started = record.starts?.atOnce
  return { ...base, state: 'abandoned', fix: FIX_OVERLAP, started, ...question(record.target, bound) }
}

/** What only the collection's indexes can answer, where the bound depends on it. */
function question(target: object, bound: ReturnType<typeof boundOf>): Pick<Verdict, 'askUnique'> {
  if (bound.kind !== 'ask') return {}
  // More came than any of its unique indexes would allow. With a collation one key stands for several values.
  const came = fetched(target) ?? (target as DriverCursor).bufferedCount()
  if (came > bound.ifUnique && optionsOf(target).collation === undefined) return {}
  const askUnique = uniqueQuestion(target, bound, filtersOf(target))
  return askUnique ? { askUnique } : {}
}

/** Documents that the caller has not got: in the driver's buffer, or in a stream that has read ahead. */
export function unread(record: LiveRecord): number {
  const { front } = record
  let count = (record.target as DriverCursor).bufferedCount() + (front?.resource.front?.unread(front.target) ?? 0)
  for (const stream of record.streams) {
    const s = stream as {
      destroyed?: boolean
      readableEnded?: boolean
      readableLength?: number
      writableLength?: number
    }
    if (s.destroyed || s.readableEnded) continue
    const [ahead, toCome] = [s.readableLength ?? 0, s.writableLength ?? 0]
    // A full Transform still counts what it was given last, whose result already waits to be read.
    count += ahead + (ahead > 0 ? Math.max(0, toCome - 1) : toCome)
  }
  return count
}

/** Closed by what stands in front of it, which has read everything ahead of its user and hands it out to nobody. */
function heldBack({ closedBy, front }: LiveRecord): boolean {
  const { target, resource } = front ?? {}
  if (closedBy !== 'close' || !target || !resource?.front || front?.closedBy || resource.front.isEnded(target))
    return false
  return resource.front.readAll(target) && resource.front.unread(target) > 0
}

/** The advice that fits the way it was read. */
function fixOf(record: LiveRecord): string {
  const { front } = record
  if (front?.resource.front) return front.resource.front.fix(front.target)
  if (record.streams.length > 0) {
    return 'end the stream when you stop early: `stream.destroy()`, or read it with `for await` or `pipeline()`'
  }
  if (record.iterated && record.uses > 0) return FIX_ITERATOR
  const close = closingOf(record.target)
  // Only hasNext(): an existence test, for which a collection has a call that closes by itself.
  return record.uses > 0 && record.reads === 0 && isOfCollection(record.target)
    ? `ask with \`findOne()\` if this tests for existence; else ${close}`
    : close
}

/** A `find` that has a `findOne()` beside it: a GridFS bucket has none for its files. */
const isOfCollection = (target: object): boolean =>
  shapeOf(target) === 'find' && !String((target as DriverCursor).namespace ?? '').endsWith('.files')

/** What the server sent so far, where the driver counts it (find only). */
const fetched = (target: object): number | undefined => {
  const count = field(target, 'numReturned')
  return typeof count === 'number' ? count : undefined
}

function documentsRead(record: LiveRecord): number | undefined {
  const sent = fetched(record.target)
  if (sent !== undefined && record.lostIds.length === 0) return Math.max(0, sent - unread(record))
  // Driver 4 reads for `forEach` and `toArray` by a function of its own.
  if (record.streams.length > 0 || record.uses === 0) return undefined
  return record.reads - (isAtEnd(record.lastOperation) && record.reads > 0 ? 1 : 0)
}

/**
 * Documents that the server has sent: where the driver does not count them, those that were read or are to be read. What a
 * stream of drivers 4 and 5 has handed out nobody knows, since it reads without `next()`: it may have been all.
 */
const sentTo = (record: LiveRecord): number =>
  fetched(record.target) ?? (handedOut(record) ? Number.POSITIVE_INFINITY : record.reads + unread(record))

const handedOut = ({ streams, uses, usesBefore }: LiveRecord): boolean =>
  uses === usesBefore && streams.some((one) => (one as { readableDidRead?: boolean }).readableDidRead === true)

const NAMES = {
  find: 'FindCursor',
  aggregate: 'AggregationCursor',
  listCollections: 'ListCollectionsCursor',
  listIndexes: 'ListIndexesCursor',
  runCommand: 'RunCommandCursor',
  unknown: 'cursor',
}

/** The class's name as the driver documents it: a bundle may have renamed the class itself. */
function operationOf({ target, front }: LiveRecord): string {
  if (front?.resource.front) return front.resource.front.operation(front.target)
  const pipeline = field(target, 'pipeline')
  const first: unknown = Array.isArray(pipeline) ? pipeline[0] : undefined
  if (isObject(first) && '$listSearchIndexes' in first) return 'ListSearchIndexesCursor'
  return NAMES[shapeOf(target)]
}
