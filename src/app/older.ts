import { guard } from '../say.ts'
import type { State } from '../state.ts'
import { field, isObject } from '../trace/fields.ts'
import { liveRecords } from '../trace/keep.ts'

/**
 * Takes in clients and cursors that were there before tracing began. Drivers from 6.13 on list a client's live cursors, and any
 * object that is traced leads to its client; with older drivers such a cursor shows up when it is used next.
 */
export function findOlder(current: State): void {
  guard('looking for older cursors', () => {
    const clients = new Set<unknown>()
    for (const { target, kind } of liveRecords(current))
      clients.add(kind === 'client' ? target : field(target, 'client'))
    for (const client of clients) {
      // Its class is watched from now on, and with it the sessions that it starts.
      if (isObject(client)) current.adopt?.(client)
      const inner = isObject(client) ? field(client, 's') : undefined
      const active = isObject(inner) ? field(inner, 'activeCursors') : undefined
      if (active instanceof Set) for (const cursor of active) current.adopt?.(cursor as object)
    }
  })
}
