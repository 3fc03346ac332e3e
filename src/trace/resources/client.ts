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
  return [close]
}
