import { type Collection, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { beginTest, endTest } from '../../src/runner.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { contextOf } from '../../src/trace/scope.ts'

// What a check costs that finds nothing, told by what it looks at: times would depend on the machine's load.

let client: MongoClient
let items: Collection
const env = process.env
beforeAll(async () => {
  startTracing()
  client = await new MongoClient(inject('mongoUri')).connect()
  items = client.db('cursorleak_cheap').collection('items')
  await items.deleteMany({})
  await items.insertMany(Array.from({ length: 300 }, (_, no) => ({ no })))
})
afterEach(() => {
  process.env = env
})
afterAll(async () => {
  stopTracing()
  await items.drop()
  await client.close()
})

interface Cost {
  /** Reads of variables of ours. */
  variables: number
  /** Looks at the state of a cursor's last promise, by `util.inspect`. */
  promises: number
  failed: number
}

/** Ends a test and counts what its check looks at. */
async function costOf(body: () => Promise<unknown>): Promise<Cost> {
  const scope = beginTest('a test')
  await state().als.run(contextOf(scope, 'body'), body)
  const cost = { variables: 0, promises: 0, failed: 0 }
  for (const record of scope.records) {
    const { lastOperation } = record
    const get = () => {
      cost.promises++
      return lastOperation
    }
    Object.defineProperty(record, 'lastOperation', { get, configurable: true })
  }
  process.env = new Proxy(env, {
    get(target, name) {
      if (String(name).startsWith('CURSORLEAK')) cost.variables++
      return Reflect.get(target, name)
    },
  })
  const { errors } = await endTest(scope)
  process.env = env
  return { ...cost, failed: errors.length }
}

/** How many variables set an option, each of which is read at most once a check. */
const ALL = 17

test('nothing opened: nothing is read', async () => {
  expect(await costOf(async () => {})).toEqual({ variables: 0, promises: 0, failed: 0 })
})

test('read to their end: the environment once, and no promise', async () => {
  const drained = async () => {
    for (let i = 0; i < 20; i++) await items.find().toArray()
    for await (const _ of items.find({}, { batchSize: 7 }));
    await items.aggregate([{ $match: {} }]).toArray()
  }
  expect(await costOf(drained)).toEqual({ variables: ALL, promises: 0, failed: 0 })
})

test('closed by hand', async () => {
  const closed = async () => {
    const cursor = items.find()
    await cursor.next()
    await cursor.close()
  }
  expect(await costOf(closed)).toEqual({ variables: 0, promises: 0, failed: 0 })
})

test('the twin that leaks is looked at, and fails', async () => {
  const cost = await costOf(() => items.find().next())
  expect(cost.failed).toBe(1)
  expect(cost.promises).toBeGreaterThan(0)
})

test('of many leaks only the last look is at all of them', async () => {
  const { promises } = await costOf(() => Promise.all(Array.from({ length: 50 }, () => items.find().next())))
  const one = await costOf(() => items.find().next())
  // A look at each in each of eight waits would make it fifty times as many.
  expect(promises).toBeLessThan(one.promises * 35)
})
