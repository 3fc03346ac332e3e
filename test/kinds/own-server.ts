import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'
import { configure } from '../../src/options.ts'
import { message } from '../../src/report/message.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'

export const MANY = 2_000

/** A server of its own for one driver, with much data, whose open cursors can be counted. Registers the hooks. */
export interface OwnServer {
  readonly uri: string
  readonly client: driver7.MongoClient
  readonly many: driver7.Collection
  connect(): Promise<driver7.MongoClient>
  /** The server's count, taken when it no longer changes: a close that nobody awaits may be on its way. */
  open(): Promise<number>
  /** Runs a command that no record is made of. */
  admin(command: object): Promise<unknown>
}

export function ownServer(driver: typeof driver7): OwnServer {
  let server: Awaited<ReturnType<typeof startServer>>
  let client: driver7.MongoClient
  let oracle: driver7.MongoClient
  const connect = (): Promise<driver7.MongoClient> => new driver.MongoClient(server.uri).connect()
  const unseen = <T>(work: () => Promise<T>): Promise<T> => state().ownCalls.run(true, work)
  beforeAll(async () => {
    server = await startServer({ own: true })
    startTracing()
    client = await connect()
    oracle = await unseen(connect)
    const items = client.db('states').collection('many')
    await items.insertMany(Array.from({ length: MANY }, (_, no) => ({ no })))
  })
  afterAll(async () => {
    stopTracing()
    await client.close()
    await oracle.close()
    await server.stop()
  })
  beforeEach(() => void configure({ settleMs: 100, confirm: false, levels: { client: 'off' } }))
  return {
    get uri() {
      return server.uri
    },
    get client() {
      return client
    },
    get many() {
      return client.db('states').collection('many')
    },
    connect,
    admin: (command) => unseen(() => oracle.db('admin').command(command)),
    async open() {
      const count = () => unseen(() => openCursors(oracle))
      let last = await count()
      for (let same = 0; same < 2; ) {
        await sleep(10)
        const now = await count()
        same = now === last ? same + 1 : 0
        last = now
      }
      return last
    },
  }
}

/** A whole message, without what moves with every edit of the file that opened the object. */
export const wholeMessage = (leak: unknown): string =>
  message(leak as Parameters<typeof message>[0]).replace(/(at )(?:\S+ \()?\S*?([\w.-]+\.ts):\d+:\d+\)?/g, '$1$2:<line>')
