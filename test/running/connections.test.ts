import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { collect } from '../../src/app/collect.ts'
import { connectionsOf } from '../../src/trace/pools.ts'
import { startTrace, stopTrace } from '../../src/trace.ts'

type Driver = typeof import('mongodb')
let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server.stop())

/** What the driver's own CMAP events say, counted by a listener that was there before the first connection. */
function listen(client: InstanceType<Driver['MongoClient']>) {
  const [open, out] = [new Set<string>(), new Set<string>()]
  const id = ({ address, connectionId }: { address: string; connectionId: unknown }) => `${address} ${connectionId}`
  client.on('connectionCreated', (event) => open.add(id(event)))
  client.on('connectionClosed', (event) => {
    open.delete(id(event))
    out.delete(id(event))
  })
  client.on('connectionCheckedOut', (event) => out.add(id(event)))
  client.on('connectionCheckedIn', (event) => out.delete(id(event)))
  return () => ({ open: open.size, checkedOut: out.size })
}

/** Waits for a step of the driver's own, a turn of the loop at a time. */
async function until(reached: () => boolean): Promise<void> {
  for (let turns = 0; !reached() && turns < 2_000; turns++) await setTimeout(1)
}

describe.each(['mongodb4', 'mongodb5', 'mongodb6', 'mongodb'])('the pools of %s', (name) => {
  test('hold at each step what the CMAP events say', async () => {
    const { MongoClient } = createRequire(import.meta.url)(name) as Driver
    startTrace({ detail: 'count' })
    const client = new MongoClient(server.uri, { maxPoolSize: 8 })
    const events = listen(client)
    const steps: Record<string, [ReturnType<typeof events>, ReturnType<typeof events>]> = {}
    /** Both at the same moment, with no turn of the loop between them. */
    const step = (what: string) => {
      steps[what] = [connectionsOf(client), events()]
      const [site] = collect({ idleMs: 0 }).clients
      expect({ open: site?.connections, checkedOut: site?.checkedOut }, what).toEqual(events())
    }
    step('never connected')
    await client.connect()
    step('connected')
    const numbers = client.db('cmap').collection(name)
    await numbers.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
    const together = Promise.all(Array.from({ length: 6 }, () => numbers.find().toArray()))
    await until(() => events().checkedOut > 0)
    step('in flight')
    await together
    step('after six at once')
    const cursor = numbers.find({}, { batchSize: 2 })
    await cursor.next()
    step('a cursor open between two batches')
    await cursor.close()
    // Its getMore waits on the server for changes, and keeps a connection checked out that long.
    const stream = numbers.watch([], { maxAwaitTimeMS: 300 })
    const waiting = stream.tryNext()
    await until(() => events().checkedOut > 0)
    step('a change stream waiting')
    await waiting
    await stream.close()
    const session = client.startSession()
    session.startTransaction()
    await numbers.insertOne({ n: -1 }, { session }).catch(() => {})
    step('a transaction open')
    await session.abortTransaction().catch(() => {})
    await session.endSession()
    const failing = { configureFailPoint: 'failCommand', mode: { times: 1 } }
    const data = { failCommands: ['find'], closeConnection: true }
    await client.db('admin').command({ ...failing, data })
    // Reads are tried again by the driver.
    await numbers.find().toArray()
    await until(() => events().open < 3)
    step('a connection closed by an error')
    await client.close()
    step('closed')
    stopTrace()
    for (const [what, [pools, told]] of Object.entries(steps)) expect(pools, what).toEqual(told)
    const told = (what: string) => steps[what]?.[0] ?? { open: -1, checkedOut: -1 }
    // Equal numbers prove little where they are all zero.
    expect(told('in flight').checkedOut).toBeGreaterThan(0)
    expect(told('a change stream waiting').checkedOut).toBe(1)
    expect(told('a connection closed by an error').open).toBeLessThan(told('after six at once').open)
    expect(told('closed')).toEqual({ open: 0, checkedOut: 0 })
  })
})
