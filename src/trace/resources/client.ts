import { type Undo, wrapMethod } from '../patch.ts'
import type { Lookup } from './resource.ts'

/** Clients: a prototype with own `startSession`, `db` and `connect`. */
export const recogniseClient = (proto: object): boolean =>
  Object.hasOwn(proto, 'startSession') && Object.hasOwn(proto, 'db') && Object.hasOwn(proto, 'connect')

/** Sees a client close before it sweeps its cursors (from driver 6.13 on) or ends their sessions (before). */
export function watchClient(proto: object, lookup: Lookup): Undo[] {
  const close = wrapMethod(proto, 'close', (original) => {
    return function (this: object, ...args: unknown[]) {
      lookup.sweep(this)
      return original.apply(this, args)
    }
  })
  return [close, seeFirst(proto, 'db', (db) => lookup.database(db))]
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
