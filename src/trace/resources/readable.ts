import { field, isObject } from '../fields.ts'

interface ReadableLike {
  destroyed?: boolean
  readableEnded?: boolean
  readableLength?: number
  readableObjectMode?: boolean
}

/**
 * What a stream has read ahead of its user: documents, or 1 for any bytes. It counts after `destroy()` too: whether that
 * closed what is behind the stream is said by what is behind it.
 */
export function readAhead(stream: object): number {
  const { readableEnded, readableLength = 0, readableObjectMode } = stream as ReadableLike
  if (readableEnded) return 0
  return readableObjectMode ? readableLength : Math.min(readableLength, 1)
}

/** It was told the end of the data, whether its user has read so far or not. */
export const hasAll = (stream: object): boolean => stateOf(stream).ended === true

/** It has asked for data that did not come yet. */
export const isFetching = (stream: object): boolean =>
  stateOf(stream).reading === true && (stream as ReadableLike).destroyed !== true

/** Node's own state of a stream: no public property tells "ended, but not read to the end". */
function stateOf(stream: object): Record<string, unknown> {
  const found = field(stream, '_readableState')
  return isObject(found) ? found : {}
}
