import { guard } from '../say.ts'
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
  for (const pool of poolsOf(field(client, 'topology'))) {
    sum.open += number(field(pool, 'totalConnectionCount'))
    sum.checkedOut += number(field(pool, 'currentCheckedOutCount'))
  }
  return sum
}

/** Whether a command of this client's would be sent now, without a new attempt to connect. */
export function isConnected(client: object): boolean {
  const topology = field(client, 'topology') as { isConnected?(): boolean } | undefined
  return guard('looking at a client', () => topology?.isConnected?.()) === true
}

/**
 * Whether a connection to any of these servers is open or at work. The counts still hold a connection that its server has
 * closed: the pool looks at it when it is asked for next.
 */
export function isReachable(topology: unknown): boolean {
  return poolsOf(topology).some((pool) => {
    if (number(field(pool, 'currentCheckedOutCount')) > 0) return true
    const idle = field(pool, 'connections')
    const list: unknown = isObject(idle) && typeof idle.toArray === 'function' ? idle.toArray() : []
    return Array.isArray(list) && list.some((one) => isObject(one) && field(one, 'closed') === false)
  })
}

function poolsOf(topology: unknown): object[] {
  const servers = isObject(topology) ? path(topology, 's', 'servers') : undefined
  if (!isObject(servers) || typeof servers.values !== 'function') return []
  // Drivers 6 and 7 have the pool on the server itself, 4 and 5 in its private part.
  return [...(servers as unknown as Map<string, unknown>).values()]
    .filter(isObject)
    .map((server) => field(server, 'pool') ?? path(server, 's', 'pool'))
    .filter(isObject)
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

function path(target: object, ...names: string[]): unknown {
  let value: unknown = target
  for (const name of names) value = isObject(value) ? field(value, name) : undefined
  return value
}
