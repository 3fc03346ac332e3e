import { masked } from '../report/credentials.ts'
import type { Client } from './driver.ts'

/** What a server says of itself at one moment. Undefined: it does not tell. */
export interface Sample {
  at: string
  connections: number | undefined
  connectionsCreated: number | undefined
  cursors: {
    open: number | undefined
    pinned: number | undefined
    noTimeout: number | undefined
    timedOut: number | undefined
  }
  /** The oldest idle cursors; undefined where `$currentOp` does not allow it. */
  idle?: IdleCursor[]
  /** Only those of this user: the others' need the privilege `inprog`. */
  idleOfUser?: true
  /** Why there is no list of idle cursors. */
  idleUnknown?: string
}
type Idle = Pick<Sample, 'idle' | 'idleOfUser' | 'idleUnknown'>

/** One idle cursor: what, never which values. */
export interface IdleCursor {
  namespace: string
  /** The command with its field names only: `find {status, placedAt} sort {placedAt}`. */
  command: string
  ageMs: number
  idleMs: number
  comment?: string
}

const MAX_IDLE = 5

/** Asks the server once. */
export async function takeSample(client: Client): Promise<Sample> {
  const status = await client.db('admin').command({ serverStatus: 1, metrics: 1 })
  const number = (...names: string[]): number | undefined => {
    let value: unknown = status
    for (const name of names) value = (value as Record<string, unknown> | undefined)?.[name]
    // A 64-bit integer may come as an object of the driver's.
    return value === undefined || value === null ? undefined : Number(value)
  }
  return {
    at: new Date().toISOString(),
    connections: number('connections', 'current'),
    connectionsCreated: number('connections', 'totalCreated'),
    cursors: {
      open: number('metrics', 'cursor', 'open', 'total'),
      pinned: number('metrics', 'cursor', 'open', 'pinned'),
      noTimeout: number('metrics', 'cursor', 'open', 'noTimeout'),
      timedOut: number('metrics', 'cursor', 'timedOut'),
    },
    ...(await idleCursors(client, status.localTime)),
  }
}

async function idleCursors(client: Client, serverTime: unknown): Promise<Idle> {
  // By the server's clock: the one here may differ.
  const now = serverTime instanceof Date ? serverTime.getTime() : Date.now()
  const list = async (allUsers: boolean): Promise<IdleCursor[]> => {
    const pipeline = [{ $currentOp: { idleCursors: true, allUsers } }, { $match: { type: 'idleCursor' } }]
    const rows = await client.db('admin').aggregate(pipeline).toArray()
    const idle = rows.map((row) => toIdle(row, now)).sort((a, b) => b.ageMs - a.ageMs)
    return idle.slice(0, MAX_IDLE)
  }
  try {
    return { idle: await list(true) }
  } catch (error) {
    // Those of all users need the privilege `inprog`; each user may list their own.
    try {
      return { idle: await list(false), idleOfUser: true }
    } catch {
      // The first refusal is the one to tell.
      const { codeName, message } = error as { codeName?: unknown; message?: unknown }
      return { idleUnknown: masked(String(codeName ?? message)) }
    }
  }
}

function toIdle(row: Record<string, unknown>, now: number): IdleCursor {
  const cursor = (row.cursor ?? {}) as Record<string, unknown>
  const command = (cursor.originatingCommand ?? {}) as Record<string, unknown>
  const since = (value: unknown): number => (value instanceof Date ? Math.max(0, now - value.getTime()) : 0)
  const { comment } = command
  return {
    namespace: String(row.ns ?? ''),
    command: shapeOf(command),
    ageMs: since(cursor.createdDate),
    idleMs: since(cursor.lastAccessDate),
    ...(typeof comment === 'string' ? { comment: masked(comment) } : {}),
  }
}

/** A command with its names and without its values, which may be personal data. */
export function shapeOf(command: Record<string, unknown>): string {
  const [name = 'unknown'] = Object.keys(command)
  const parts = [name]
  if (command.filter) parts.push(keysOf(command.filter))
  if (Array.isArray(command.pipeline))
    parts.push(`[${command.pipeline.map((s: object) => Object.keys(s)[0]).join(', ')}]`)
  if (command.sort) parts.push(`sort ${keysOf(command.sort)}`)
  return parts.join(' ')
}

const keysOf = (value: unknown): string => `{${Object.keys(value as object).join(', ')}}`
