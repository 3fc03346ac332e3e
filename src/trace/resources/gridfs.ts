import { field, isObject } from '../fields.ts'
import { wrapMethod } from '../patch.ts'
import { hasReader } from '../reading.ts'
import { hasAll, isFetching, readAhead } from './readable.ts'
import type { Resource } from './resource.ts'

const OPERATION = 'GridFSBucketReadStream'
const FIX = '`await stream.abort()` when you stop early: `destroy()` leaves the cursor of a download stream open'

/**
 * GridFS download streams: a prototype with own `start`, `end` and `abort`. The cursor over the chunks is built at the
 * first read, and only `abort()` or reading to the end closes it.
 */
export const gridfs: Resource = {
  kind: 'cursor',
  recognise: (proto) => ['start', 'end', 'abort', '_read'].every((name) => Object.hasOwn(proto, name)),
  watch: (proto, lookup) => [
    wrapMethod(proto, 'abort', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (record) record.closedBy = 'close'
        return original.apply(this, args)
      }
    }),
  ],
  // Ended without a cursor: an empty file, or none.
  judge: ({ target, closedBy }) =>
    closedBy || field(target, 'readableEnded') === true || field(target, 'destroyed') === true
      ? undefined
      : { state: 'idle', namespace: namespaceOf(target), operation: OPERATION, fix: FIX, starting: hasReader(target) },
  close: async ({ target }) => void (target as { destroy(): void }).destroy(),
  front: {
    inner: (target) => inside(target).cursor,
    operation: () => OPERATION,
    fix: () => FIX,
    unread: readAhead,
    readAll: hasAll,
    isEnded: () => false,
    isReading: isFetching,
    isStream: true,
  },
}

const inside = (target: object): Record<string, unknown> => {
  const s = field(target, 's')
  return isObject(s) ? s : {}
}

const namespaceOf = (target: object): string => {
  const { chunks } = inside(target)
  return isObject(chunks) ? String(chunks.namespace) : ''
}
