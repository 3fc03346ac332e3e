import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { nested } from './columns.ts'
import { type Construct, type Context, type Driver, type Order, SIZES, type Size } from './construct.ts'
import { type Facts, measure } from './measure.ts'

/** Collections beside `orders` in the large database: more than a batch of a listing that asks for few. */
const MANY_COLLECTIONS = 30

/** A server of its own, filled once, on which constructs are run with any driver. */
export interface Bench {
  server: Server
  has(construct: Construct, driver: Connected): boolean
  measure(construct: Construct, driver: Connected, size: Size): Promise<Facts>
  connect(name: string, mongodb: Driver, version: string): Promise<Connected>
  stop(): Promise<void>
}

export interface Connected {
  name: string
  version: string
  major: number
  mongodb: Driver
  client: Context['client']
}

/**
 * Starts tracing too: a driver's classes are watched from the first object on. A server that is given is the caller's to
 * stop, and may be filled already.
 */
export async function openBench(driver: Driver, given?: Server): Promise<Bench> {
  startTracing()
  const server = given ?? (await startServer({ own: true }))
  const clients: Context['client'][] = []
  const counter = await new driver.MongoClient(server.uri).connect()
  clients.push(counter)
  const { MongoClient } = nested('mongoose6')
  const other = await new MongoClient(server.uri).connect()
  clients.push(other)
  for (const size of SIZES) await fill(counter.db(`shop${size}`), size)
  const contextOf = ({ mongodb, version, major, client }: Connected, size: Size): Context => {
    const db = client.db(`shop${size}`)
    const elsewhere = other.db(`shop${size}`).collection<Order>('orders')
    const orders = db.collection<Order>('orders')
    return { mongodb, major, version, uri: server.uri, client, db, size, orders, elsewhere }
  }
  return {
    server,
    async connect(name, mongodb, version) {
      const client = await new mongodb.MongoClient(server.uri).connect()
      clients.push(client)
      return { name, version, major: Number.parseInt(version, 10), mongodb, client }
    },
    has: ({ needs }, driver) => needs?.(contextOf(driver, SIZES[0])) ?? true,
    measure: (construct, driver, size) => measure(counter, () => construct.run(contextOf(driver, size))),
    async stop() {
      stopTracing()
      for (const client of clients) await client.close()
      if (!given) await server.stop()
    },
  }
}

async function fill(db: Context['db'], size: Size): Promise<void> {
  const orders = db.collection<{ _id: number }>('orders')
  if (await orders.findOne()) return
  await orders.createIndexes([
    { key: { sku: 1 }, unique: true },
    { key: { shop: 1, no: 1 }, unique: true },
    { key: { n: 1 } },
  ])
  const documents = Array.from({ length: size }, (_, n) => ({
    _id: n,
    n,
    status: 'new',
    sku: `sku-${n}`,
    shop: n % 2,
    no: n,
    tags: ['a', 'b'],
  }))
  await orders.insertMany(documents)
  const log = await db.createCollection('log', { capped: true, size: 1 << 20 })
  await log.insertMany(documents.map(({ n }) => ({ n })))
  if (size > 100) for (let i = 0; i < MANY_COLLECTIONS; i++) await db.createCollection(`other${i}`)
}
