import { field, isObject } from './fields.ts'
import { isPending } from './pending.ts'
import type { LiveRecord } from './record.ts'
import { hasAll } from './resources/readable.ts'

/**
 * Who reads from a cursor now: a `loop` ends it by itself when the data ends (`for await`, `toArray`, `forEach`,
 * `eachAsync`, a stream that flows); a `call` is one `next()` or `hasNext()`, which leaves behind what it leaves.
 */
export type Reader = 'loop' | 'call'

/** Undefined where nothing is on its way, or only a stream's own reading ahead of a user who does not read on. */
export function readerOf(record: LiveRecord): Reader | undefined {
  const { front } = record
  if (front && isPending(front.lastOperation)) return front.loops ? 'loop' : 'call'
  if (isPending(record.lastOperation) && isDrawn(record)) return isLoop(record) ? 'loop' : 'call'
  if (front?.resource.front?.isReading(front.target) && hasReader(front.target)) return 'loop'
  // Drivers 4 and 5 read for a stream without next(): only the stream's own flag tells.
  // It stays up at the end of the data, though nothing is on its way then.
  const fetches = record.streams.some((s) => field(s, '_readInProgress') === true && !hasAll(s) && hasReader(s))
  return fetches ? 'loop' : undefined
}

/** Whether it is read to its end by one construct of the caller's, once it moves at all. */
export const isLoop = ({ iterated, streams, front, uses }: LiveRecord): boolean =>
  iterated === true || streams.length > 0 || uses === 0 || front?.loops === true || isStreamed(front)

/** Whether anybody takes what is read: a stream reads ahead though it is paused, or what it was piped into is gone. */
export function isDrawn({ streams, front }: LiveRecord): boolean {
  if (front && front.lastOperation === undefined && front.resource.front?.isStream) return hasReader(front.target)
  return streams.length === 0 || streams.some(hasReader)
}

const isStreamed = (front: LiveRecord | undefined): boolean =>
  front?.resource.front?.isStream === true && front.lastOperation === undefined

interface StreamLike {
  destroyed?: boolean
  readableEnded?: boolean
  readableFlowing?: boolean | null
  readable?: boolean
  writableFinished?: boolean
  listenerCount?(event: string): number
}

/** A stream that flows, is waited for (`for await` listens for `readable`), or is piped to something that goes on. */
export function hasReader(stream: object): boolean {
  const { destroyed, readableEnded, readableFlowing, listenerCount } = stream as StreamLike
  if (destroyed || readableEnded) return false
  const pipes = pipesOf(stream)
  if (pipes.length > 0) return pipes.some(takesOn)
  return readableFlowing === true || (listenerCount?.call(stream, 'readable') ?? 0) > 0
}

function takesOn(target: object): boolean {
  const { destroyed, writableFinished, readableFlowing } = target as StreamLike
  if (destroyed || writableFinished) return false
  // A Transform hands on only what somebody takes from it.
  return readableFlowing === undefined || hasReader(target)
}

function pipesOf(stream: object): object[] {
  const state = field(stream, '_readableState')
  const pipes = isObject(state) ? state.pipes : undefined
  return [pipes].flat().filter(isObject)
}
