import { isInTests } from '../advice.ts'
import { watchCallback } from '../callback.ts'
import { field, isObject, longToBigInt } from '../fields.ts'
import { type Undo, wrapMethod } from '../patch.ts'
import type { LiveRecord } from '../record.ts'
import { judgeUnkilled } from '../unkilled.ts'
import { judgeClosedStarting, judgeLost, listens } from './lost.ts'
import type { Lookup, Resource, Verdict } from './resource.ts'
import { closedWhileStarting, isStarting, noteKilled } from './starting.ts'
import { afterSweep } from './swept.ts'

interface DriverChangeStream {
  readonly closed?: boolean
  readonly cursor?: { readonly id?: unknown; readonly killed?: boolean; readonly namespace?: { toString(): string } }
  close(): Promise<void>
}

/** How a change stream is ended. */
export const fixStream = (): string =>
  `\`await changeStream.close()\` in a \`finally\`${isInTests() ? ' or an `afterEach`' : ', or when the app stops'}`

/** Change streams: a prototype with own `resumeToken` and `tryNext`. Their inner cursor is judged through them. */
export const changeStream: Resource = {
  kind: 'changeStream',
  recognise: (proto) => Object.hasOwn(proto, 'resumeToken') && Object.hasOwn(proto, 'tryNext'),
  watch,
  judge,
  close: (record) => (record.target as DriverChangeStream).close(),
}

function watch(proto: object, lookup: Lookup): Undo[] {
  const close = wrapMethod(proto, 'close', (original) => {
    return function (this: object, ...args: unknown[]) {
      const record = lookup.record(this)
      if (!record) return original.apply(this, args)
      lookup.ended(record, 'close')
      if (isStarting(record)) closedWhileStarting(record, lookup.keep)
      const id = record.early?.id ?? heldId(this as DriverChangeStream)
      if (id === undefined) return original.apply(this, args)
      const call = watchCallback(args)
      const result: unknown = original.apply(this, call.args)
      noteKilled(record, longToBigInt(id))
      lookup.closedEarly(record, id, call.operation ?? result)
      return result
    }
  })
  return [close]
}

/** The id of its cursor while the server holds that. Driver 4 keeps the id of a killed one. */
function heldId({ cursor }: DriverChangeStream): unknown {
  const id = cursor?.killed === true ? undefined : cursor?.id
  return longToBigInt(id) ? id : undefined
}

function judge(record: LiveRecord): Verdict | undefined {
  const target = record.target as DriverChangeStream
  const inner = target.cursor
  const namespace = field(target, 'namespace') ?? (isObject(inner) ? inner.namespace : undefined)
  const base = { namespace: String(namespace ?? ''), operation: 'ChangeStream', fix: fixStream() }
  // Driver 4.0 lets go of its cursor when it closes.
  const read = inner ?? record.starts?.of
  const forgotten = (read && judgeLost(record, read)) ?? judgeUnkilled(record)
  if (forgotten) return { ...base, ...forgotten }
  const late = read && judgeClosedStarting(record, read)
  if (late) return { ...base, ...late }
  if (record.beforeSweep) return afterSweep(base, record.beforeSweep)
  if (record.closedBy || target.closed) return undefined
  const id = longToBigInt(inner?.id)
  if (id === undefined) return { ...base, state: 'idle', waits: true, starting: isStarting(record) || listens(target) }
  // Invalidated or failed: the server is done with it, and it holds nothing that more data would keep open.
  if (id === 0n) return undefined
  return { ...base, state: 'open', cursorId: String(id), waits: true }
}
