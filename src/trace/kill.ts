import { isObject } from './fields.ts'

interface CommandingClient {
  db(name: string): { command(command: object): Promise<unknown> }
}

/**
 * Sends one `killCursors` for cursors of a namespace, past the driver's own bookkeeping.
 * @param cursors their ids, as the driver's own Long objects
 * @returns the server's reply; undefined where there is no client, or nothing that a namespace names
 */
export function killCursors(client: unknown, namespace: string, cursors: unknown[]): Promise<unknown> | undefined {
  const dot = namespace.indexOf('.')
  if (!isObject(client) || dot <= 0) return undefined
  const database = (client as unknown as CommandingClient).db(namespace.slice(0, dot))
  return database.command({ killCursors: namespace.slice(dot + 1), cursors })
}
