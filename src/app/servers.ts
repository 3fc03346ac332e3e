import { within } from '../clock.ts'
import type { ServerCounts } from '../report/traced.ts'
import { errorText } from '../say.ts'
import { type State, state } from '../state.ts'
import { cursorIdOf } from '../trace/closed.ts'
import { field, isObject, longToBigInt } from '../trace/fields.ts'
import { liveRecords } from '../trace/keep.ts'
import { clientOf } from '../trace/owner.ts'
import { connectionsOf, isConnected } from '../trace/pools.ts'
import { hostsOf } from '../trace/resources/client.ts'

/** So many servers are asked: one report is no monitoring of a fleet. */
const MAX_SERVERS = 5

interface Client {
  db(name: string): { command(command: object): Promise<unknown> }
}

/**
 * Asks each server that this process is connected to for its own counts, and sets beside them what is known here.
 * Never rejects: a server that does not tell, or not in time, is named with its reason.
 * @param ms how long all of them have together
 */
export async function askServers(current: State, ms: number): Promise<ServerCounts[]> {
  const byHosts = new Map<string, Client[]>()
  for (const { kind, target, closedBy } of liveRecords(current)) {
    if (kind !== 'client' || closedBy || !isConnected(target)) continue
    const hosts = hostsOf(target)
    byHosts.set(hosts, [...(byHosts.get(hosts) ?? []), target as Client])
  }
  const asked = [...byHosts].slice(0, MAX_SERVERS).map(([hosts, clients]) => ask(current, hosts, clients, ms))
  return Promise.all(asked)
}

async function ask(current: State, hosts: string, clients: Client[], ms: number): Promise<ServerCounts> {
  const [client] = clients
  try {
    const question = state().ownCalls.run(true, () => client?.db('admin').command({ serverStatus: 1 }))
    const status = question && (await within(question, ms))
    const known = knownHere(current, clients)
    if (status === undefined) return { hosts, known, refused: `no answer within ${ms} ms` }
    return {
      hosts,
      known,
      cursors: numberIn(status, 'metrics', 'cursor', 'open', 'total'),
      sessions: numberIn(status, 'logicalSessionRecordCache', 'activeSessionsCount'),
      connections: numberIn(status, 'connections', 'current'),
    }
  } catch (error) {
    return { hosts, known: knownHere(current, clients), refused: errorText(error) }
  }
}

function numberIn(from: unknown, ...path: string[]): number | undefined {
  const value = path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), from)
  const whole = longToBigInt(value)
  return whole === undefined ? undefined : Number(whole)
}

/** What of these clients is open here at this moment. */
function knownHere(current: State, clients: readonly object[]): ServerCounts['known'] {
  const cursors = new Set<string>()
  const used = new Set<unknown>()
  let sessions = 0
  for (const record of liveRecords(current)) {
    if (record.closedBy || !clients.includes(clientOf(record.target) as object)) continue
    if (record.kind === 'session') sessions++
    const id = record.kind === 'cursor' || record.kind === 'changeStream' ? cursorIdOf(record) : undefined
    // Driver 4 keeps the id of a killed one.
    if (id !== undefined && field(record.target, 'killed') !== true) {
      cursors.add(id)
      for (const session of sessionsOf(record.target)) used.add(session)
    }
  }
  const connections = clients.reduce((sum, client) => sum + connectionsOf(client).open, 0)
  return {
    cursors: cursors.size,
    sessions,
    implicit: clients.reduce((sum, one) => sum + implicitOf(one, used), 0),
    connections,
  }
}

/** The session that a cursor, or a change stream's cursor, reads in. */
function sessionsOf(target: object): unknown[] {
  const inner = field(target, 'cursor')
  return [target, inner].flatMap((one) => (isObject(one) ? [field(one, 'session'), field(one, 'cursorSession')] : []))
}

/** Sessions of operations that the client still lists: at work now, or left there by the driver. Those of open cursors are not. */
function implicitOf(client: object, used: ReadonlySet<unknown>): number {
  const inner = field(client, 's')
  const active = isObject(inner) ? inner.activeSessions : undefined
  if (!(active instanceof Set)) return 0
  return [...active].filter((one) => isObject(one) && one.explicit !== true && one.hasEnded !== true && !used.has(one))
    .length
}
