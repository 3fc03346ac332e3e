import { field } from '../fields.ts'
import { wrapMethod } from '../patch.ts'
import { fixStream } from './change-stream.ts'
import { listens } from './lost.ts'
import type { Resource } from './resource.ts'

/** What `Model.watch()` of mongoose returns: it opens the driver's change stream once the connection is there. */
export const mongooseChangeStream: Resource = {
  kind: 'changeStream',
  // `hasNext` came during 6; the class before it had `_queue`.
  recognise: (proto) =>
    Object.hasOwn(proto, '_bindEvents') && (Object.hasOwn(proto, 'hasNext') || Object.hasOwn(proto, '_queue')),
  watch: (proto, lookup) => [
    wrapMethod(proto, 'close', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (record) record.closedBy = 'close'
        return original.apply(this, args)
      }
    }),
  ],
  judge: ({ closedBy, target }) =>
    closedBy
      ? undefined
      : {
          ...{ state: 'idle', namespace: '', operation: 'ChangeStream', fix: fixStream() },
          waits: true,
          starting: listens(target),
        },
  close: async (record) => void (await (record.target as { close(): unknown }).close()),
  front: {
    inner: (target) => field(target, 'driverChangeStream'),
    operation: () => 'ChangeStream',
    fix: fixStream,
    unread: () => 0,
    readAll: () => false,
    isEnded: () => false,
    isReading: () => false,
    isStream: false,
  },
}
