import { isDisposable } from '../advice.ts'
import { field, isObject } from '../fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import { isPending } from '../pending.ts'
import type { LiveRecord } from '../record.ts'
import { giveBack, makeRoom } from '../stack.ts'
import { hostsOf } from './client.ts'
import type { Lookup, Resource, Verdict } from './resource.ts'

const FIX_BUSY = 'await the work that uses it before the test ends'
const IN_TRANSACTION =
  'its transaction was left open: the server keeps its locks until it aborts it (after 60 seconds by default)'

/**
 * Sessions: a prototype with own `endSession` and `startTransaction`. Every operation builds an implicit one, so they are
 * not noted when they are built; only those that `client.startSession()` hands to a caller are.
 */
export const session: Resource = {
  kind: 'session',
  recognise: (proto) => Object.hasOwn(proto, 'endSession') && Object.hasOwn(proto, 'startTransaction'),
  watch,
  judge,
  close: (record) => (record.target as { endSession(): Promise<void> }).endSession(),
}

/** The driver's own sessions for one operation are marked so; its bulk writes use `withSession` with that mark, too. */
export const isExplicit = (target: object): boolean => field(target, 'explicit') === true

function watch(proto: object, lookup: Lookup): Undo[] {
  const working = (original: AnyFunction) =>
    function (this: object, ...args: unknown[]) {
      const limit = makeRoom()
      let result: unknown
      try {
        result = original.apply(this, args)
      } finally {
        giveBack(limit)
      }
      const record = lookup.record(this)
      // A commit inside of `withTransaction` is over before that is.
      if (record && !isPending(record.lastOperation)) record.lastOperation = result
      if (record) lookup.used(record)
      return result
    }
  return [
    wrapMethod(proto, 'withTransaction', working),
    wrapMethod(proto, 'commitTransaction', working),
    wrapMethod(proto, 'abortTransaction', working),
    wrapMethod(proto, 'endSession', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (record) lookup.ended(record, 'close')
        return original.apply(this, args)
      }
    }),
  ]
}

function judge(record: LiveRecord): Verdict | undefined {
  const { target, beforeSweep } = record
  const base = { namespace: hostsOfSession(target), operation: 'ClientSession', fix: fixOf(target) }
  if (beforeSweep) return { ...base, state: 'swept', notes: beforeSweep.notes ?? [] }
  if (record.closedBy || field(target, 'hasEnded') !== false) return undefined
  const notes = isInTransaction(target) ? [IN_TRANSACTION] : []
  if (isPending(record.lastOperation)) return { ...base, state: 'busy', fix: FIX_BUSY, notes }
  return { ...base, state: 'open', notes }
}

const fixOf = (target: object): string =>
  `${isDisposable(target) ? '`await using session = …`, ' : ''}\`finally { await session.endSession() }\`, or \`client.withSession(…)\``

/** Up to driver 4.2 a session knows its topology, not its client. */
function hostsOfSession(target: object): string {
  const client = field(target, 'client')
  if (isObject(client)) return hostsOf(client)
  const topology = field(target, 'topology')
  const inner = isObject(topology) ? field(topology, 's') : undefined
  return isObject(inner) ? hostsOf(inner) : ''
}

function isInTransaction(target: object): boolean {
  try {
    return (target as { inTransaction?(): boolean }).inTransaction?.() === true
  } catch {
    // Only a remark depends on it.
    return false
  }
}
