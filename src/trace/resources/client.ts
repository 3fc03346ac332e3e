import { isDisposable } from '../advice.ts'
import { field, isObject } from '../fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import type { LiveRecord } from '../record.ts'
import { giveBack, makeRoom } from '../stack.ts'
import type { Lookup, Resource, Verdict } from './resource.ts'
import { isExplicit, session } from './session.ts'

const OPERATION = 'MongoClient'

/** Clients: a prototype with own `startSession`, `db` and `connect`. */
export const client: Resource = {
  kind: 'client',
  recognise: (proto) =>
    Object.hasOwn(proto, 'startSession') && Object.hasOwn(proto, 'db') && Object.hasOwn(proto, 'connect'),
  watch,
  // The static `connect` builds the client in the driver's own code; in a bundle no path tells that frame apart.
  from: (target) => {
    const built = target.constructor as AnyFunction & { connect?: AnyFunction }
    return built.connect ? [built.connect, built] : [built]
  },
  judge,
  close: (record) => (record.target as { close(): Promise<void> }).close(),
}

/** Sees a client close before it sweeps its cursors (from driver 6.13 on) or ends their sessions (before). */
function watch(proto: object, lookup: Lookup): Undo[] {
  const withSession = Object.getOwnPropertyDescriptor(proto, 'withSession')?.value as AnyFunction | undefined
  return [
    wrapMethod(proto, 'close', (original) => {
      return function (this: object, ...args: unknown[]) {
        const { end } = lookup.sweep(this)
        const record = lookup.record(this)
        if (record) lookup.ended(record, 'close')
        try {
          return original.apply(this, args)
        } finally {
          end()
        }
      }
    }),
    wrapMethod(proto, 'connect', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (record?.closedBy) lookup.revived(record, undefined)
        return original.apply(this, args)
      }
    }),
    wrapMethod(proto, 'startSession', (original) => {
      return function startSession(this: object, ...args: unknown[]) {
        const made = original.apply(this, args) as object
        if (isExplicit(made)) lookup.add(session, made, withSession ? [withSession, startSession] : [startSession])
        return made
      }
    }),
    wrapMethod(proto, 'withSession', (original) => {
      return function (this: object, ...args: unknown[]) {
        // It ends the session itself, when what it calls is done: until then that work is in flight.
        const { built, end } = lookup.collect()
        const limit = makeRoom()
        let result: unknown
        try {
          result = original.apply(this, args)
        } finally {
          giveBack(limit)
          end()
        }
        for (const one of built) {
          const record = lookup.record(one)
          if (record?.kind === 'session') record.lastOperation = result
        }
        return result
      }
    }),
    seeFirst(proto, 'db', (db) => lookup.database(db)),
  ]
}

/** Clients are often shared by tests: they are judged at the end of the file only. */
function judge(record: LiveRecord): Verdict | undefined {
  if (record.closedBy) return undefined
  const base = { namespace: hostsOf(record.target), operation: OPERATION, fix: fixOf(record.target) }
  return { ...base, state: isConnected(record.target) ? 'open' : 'idle' }
}

const fixOf = (target: object): string =>
  `\`await client.close()\` in an \`afterAll\`${isDisposable(target) ? ', or `await using client = …` inside the test' : ''}`

/** A connect that failed leaves a topology behind that is closed: it holds no connection. */
function isConnected(target: object): boolean {
  const topology = field(target, 'topology')
  if (!isObject(topology)) return false
  try {
    return (topology as { isConnected?(): boolean }).isConnected?.() === true
  } catch {
    // What can't be asked is not accused.
    return false
  }
}

/** The hosts as the connection string named them, without credentials. */
export function hostsOf(target: object): string {
  const options = field(target, 'options')
  const { srvHost, hosts } = isObject(options) ? options : {}
  if (typeof srvHost === 'string') return srvHost
  return Array.isArray(hosts) ? hosts.map(String).join(',') : ''
}

/** Hands the prototype of what a method makes on: databases and collections are no emitters, so nothing else shows them. */
export function seeFirst(proto: object, method: string, see: (proto: object) => void): Undo {
  let seen: unknown
  return wrapMethod(proto, method, (original) => {
    return function (this: object, ...args: unknown[]) {
      const made: unknown = original.apply(this, args)
      const found: unknown = typeof made === 'object' && made !== null ? Object.getPrototypeOf(made) : undefined
      if (found !== seen && found) {
        seen = found
        see(found)
      }
      return made
    }
  })
}
