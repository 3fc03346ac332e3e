import { NativeError } from '../native.ts'
import { printable } from '../report/printable.ts'
import { errorText } from '../say.ts'
import { state } from '../state.ts'
import { field, isObject, longToBigInt } from '../trace/fields.ts'
import { belongs, type Target } from './target.ts'

/** A cursor as the server lists it. */
export interface ServerCursor {
  id: string
  namespace: string
  /** Milliseconds on the server's clock; undefined while an operation runs on it. */
  openMs: number | undefined
  neverTimesOut: boolean
  /** The application that opened it: its `appName`, or its address. */
  by: string | undefined
}

export interface ServerAnswer {
  /** How it was asked, as a message says it. */
  way: string
  count: number
  /** Undefined where the server only counts. */
  cursors?: ServerCursor[]
}

interface AdminDatabase {
  aggregate(pipeline: object[]): { toArray(): Promise<unknown[]> }
  command(command: object): Promise<unknown>
}

/** Asks each client's server for the cursors that it holds for a target, in the best way that it allows. */
export async function askServer(target: Target): Promise<ServerAnswer> {
  const [client] = target.clients
  if (!client) throw new NativeError(`${printable(target.name)} has no client: connect first`)
  const admin = (client as { db(name: string): AdminDatabase }).db('admin')
  return state().ownCalls.run(true, async () => {
    const refused: string[] = []
    for (const way of [all, own, counted]) {
      try {
        return await way(admin, target)
      } catch (error) {
        if (isUnreachable(error)) throw error
        refused.push(errorText(error))
      }
    }
    throw new NativeError(`the server tells nothing of its open cursors: ${[...new Set(refused)].join('; ')}`)
  })
}

const all = (admin: AdminDatabase, target: Target): Promise<ServerAnswer> =>
  listed(admin, target, true, 'asked with $currentOp')
const own = (admin: AdminDatabase, target: Target): Promise<ServerAnswer> =>
  listed(admin, target, false, 'asked with $currentOp, for the cursors of this user only')

async function listed(admin: AdminDatabase, target: Target, allUsers: boolean, way: string): Promise<ServerAnswer> {
  const pipeline = [
    { $currentOp: { allUsers, idleCursors: true } },
    { $match: { 'cursor.cursorId': { $exists: true } } },
  ]
  const entries = await admin.aggregate(pipeline).toArray()
  const now = await serverTime(admin)
  // A server may take the option and list no idle cursor all the same; those of other users are missing by design.
  if (entries.length === 0 && allUsers) {
    const total = await counted(admin, target).catch(() => undefined)
    if (total && total.count > 0) return total
  }
  const cursors = entries
    .filter(isObject)
    .map((entry) => toCursor(entry, now))
    .filter((one) => isWanted(target, one))
  return { way, count: cursors.length, cursors }
}

async function counted(admin: AdminDatabase, target: Target): Promise<ServerAnswer> {
  const status = await admin.command({ serverStatus: 1 })
  const open = dig(status, 'metrics', 'cursor', 'open', 'total')
  const count = longToBigInt(open)
  if (count === undefined) throw new NativeError('serverStatus() has no metrics.cursor.open')
  const whole = target.namespace === undefined ? '' : ', which counts those of all namespaces'
  return { way: `asked with serverStatus${whole}`, count: Number(count) }
}

/** The server's own (replication reads `local`) are nobody's here, unless they are asked for. */
function isWanted(target: Target, { namespace }: ServerCursor): boolean {
  if (target.namespace === undefined) return !/^(local|config)\./.test(namespace)
  return belongs(target, target.clients[0], namespace)
}

/** A mongod gives an idle cursor's birth but not its own time, and the clock here may differ. */
async function serverTime(admin: AdminDatabase): Promise<number> {
  const { localTime } = (await admin.command({ isMaster: 1 })) as { localTime?: unknown }
  return localTime instanceof Date ? Number(localTime) : Number.NaN
}

function toCursor(entry: Record<string, unknown>, now: number): ServerCursor {
  const cursor = isObject(entry.cursor) ? entry.cursor : {}
  const created = cursor.createdDate
  const openMs = created instanceof Date || isObject(created) ? now - Number(created) : Number.NaN
  const by = [entry.appName, entry.client].find((one) => typeof one === 'string' && one !== '')
  return {
    id: String(longToBigInt(cursor.cursorId)),
    namespace: String(entry.ns ?? ''),
    openMs: Number.isFinite(openMs) ? Math.max(0, openMs) : undefined,
    neverTimesOut: cursor.noCursorTimeout === true,
    by: by === undefined ? undefined : String(by),
  }
}

/** No answer at all: another question would wait as long. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof NativeError && /ServerSelection|Network|NotConnected|Topology/.test(error.name)

export const dig = (from: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, name) => (isObject(value) ? field(value, name) : undefined), from)
