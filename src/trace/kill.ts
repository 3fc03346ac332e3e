import { field, isObject } from './fields.ts'

interface CommandingClient {
  db(name: string): { command(command: object): Promise<unknown> }
}

/**
 * Sends one `killCursors` for cursors of a namespace, past the driver's own bookkeeping.
 * @param cursors their ids, as the driver gave them
 * @returns the server's reply; undefined where there is no client, or nothing that a namespace names
 */
export function killCursors(client: unknown, namespace: string, cursors: unknown[]): Promise<unknown> | undefined {
  const dot = namespace.indexOf('.')
  if (!isObject(client) || dot <= 0) return undefined
  const database = (client as unknown as CommandingClient).db(namespace.slice(0, dot))
  const ids = cursors.map((id) => (typeof id === 'number' ? int64(id, client) : id))
  return database.command({ killCursors: namespace.slice(dot + 1), cursors: ids })
}

/**
 * The driver makes a plain number of a small id, and would send it back as a double, which the server takes for no id.
 * BSON up to 4 knows no bigint, and asks no more of a Long than these fields.
 */
function int64(id: number, client: object): unknown {
  if (!isDriver4(client)) return BigInt(id)
  const [low, high] = [Number(BigInt.asIntN(32, BigInt(id))), Math.floor(id / 2 ** 32)]
  return { _bsontype: 'Long', low, high, unsigned: false, getLowBits: () => low, getHighBits: () => high }
}

function isDriver4(client: object): boolean {
  const options = field(client, 'options')
  const metadata = isObject(options) ? options.metadata : undefined
  const driver = isObject(metadata) ? metadata.driver : undefined
  return isObject(driver) && String(driver.version).startsWith('4.')
}
