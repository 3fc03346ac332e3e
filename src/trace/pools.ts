import { field, isObject } from './fields.ts'

/** Sockets of a client's pools, and how many of them are checked out. Its monitoring sockets are not among them. */
export interface Connections {
  open: number
  checkedOut: number
}

/**
 * Reads a client's connections from its pools. The same numbers as its CMAP events give, also of a client that was
 * connected before tracing began, and without a listener on the user's client.
 */
export function connectionsOf(client: object): Connections {
  const sum: Connections = { open: 0, checkedOut: 0 }
  const servers = path(client, 'topology', 's', 'servers')
  if (!isObject(servers) || typeof servers.values !== 'function') return sum
  for (const server of (servers as unknown as Map<string, unknown>).values()) {
    if (!isObject(server)) continue
    // Drivers 6 and 7 have the pool on the server itself, 4 and 5 in its private part.
    const pool = field(server, 'pool') ?? path(server, 's', 'pool')
    if (!isObject(pool)) continue
    sum.open += number(field(pool, 'totalConnectionCount'))
    sum.checkedOut += number(field(pool, 'currentCheckedOutCount'))
  }
  return sum
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

function path(target: object, ...names: string[]): unknown {
  let value: unknown = target
  for (const name of names) value = isObject(value) ? field(value, name) : undefined
  return value
}
