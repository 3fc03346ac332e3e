import { createRequire } from 'node:module'
import type { MongoClient } from 'mongodb'
import type { Mongoose } from 'mongoose'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { allowLeaks, assertNoLeakedCursors, leaks, startTrace, stopTrace } from '../../src/index.ts'
import { toHaveNoLeakedCursors } from '../../src/matchers/index.ts'
import { state } from '../../src/state.ts'
import { fillOrders } from './fill.ts'

const DATABASE = 'matchers_targets'
const load = createRequire(import.meta.url)

beforeAll(async () => {
  await fillOrders(inject('mongoUri'), DATABASE)
  startTrace()
})
afterEach(() => {
  state().file.records.clear()
  state().file.allowed = false
})
afterAll(() => stopTrace())

const counts = (targets: unknown[]): number[] => targets.map((target) => leaks(target).length)
const fails = (target: unknown): boolean => !toHaveNoLeakedCursors(target).pass

test.each(['mongodb', 'mongodb4', 'mongodb5', 'mongodb6'])('%s: client, database and collection', async (driver) => {
  const { MongoClient: Client } = load(driver) as { MongoClient: new (uri: string) => MongoClient }
  const [client, other] = [new Client(inject('mongoUri')), new Client(inject('mongoUri'))]
  const db = client.db(DATABASE)
  const cursor = db.collection('orders').find().batchSize(2)
  await cursor.next()
  const own = [client, db, db.collection('orders')]
  const others = [
    other,
    other.db(DATABASE),
    client.db(`${DATABASE}_2`),
    db.collection('order'),
    db.collection('orders.x'),
  ]
  expect(counts(own)).toEqual([1, 1, 1])
  expect(counts(others)).toEqual([0, 0, 0, 0, 0])
  expect(own.map(fails)).toEqual([true, true, true])
  expect(others.map(fails)).toEqual([false, false, false, false, false])
  const closing = cursor.close()
  expect(own.map(fails)).toEqual([false, false, false])
  await closing
  await Promise.all([client.close(), other.close()])
})

test.each(['mongoose', 'mongoose6', 'mongoose7', 'mongoose8'])('%s: itself, connection and model', async (name) => {
  const mongoose = (load(name) as { mongoose: Mongoose }).mongoose
  const connection = mongoose.createConnection(inject('mongoUri'), { dbName: DATABASE })
  const other = mongoose.createConnection(inject('mongoUri'), { dbName: `${DATABASE}_2` })
  await Promise.all([connection.asPromise(), other.asPromise()])
  const define = (on: typeof connection, model: string) =>
    on.model(model, new mongoose.Schema({ number: Number }), model.toLowerCase())
  const [Orders, Customers] = [define(connection, 'Orders'), define(connection, 'Customers')]
  const cursor = Orders.find().batchSize(2).cursor()
  await cursor.next()
  const own = [mongoose, connection, connection.getClient(), Orders, Orders.collection]
  expect(counts(own)).toEqual([1, 1, 1, 1, 1])
  expect(counts([other, other.getClient(), Customers, define(other, 'Orders')])).toEqual([0, 0, 0, 0])
  expect(own.map(fails)).toEqual([true, true, true, true, true])
  expect([other, Customers].map(fails)).toEqual([false, false])
  await cursor.close()
  expect(own.map(fails)).toEqual([false, false, false, false, false])
  await Promise.all([connection.close(), other.close()])
})

test('a connection that never connected can not leak', () => {
  const { mongoose } = load('mongoose') as { mongoose: Mongoose }
  expect(fails(mongoose.createConnection())).toBe(false)
})

test.each([undefined, null, 'orders', 1, {}, [], () => 1, class Model {}, new Map()])('%s is no target', (received) => {
  const accepted =
    /it takes a Db, Collection or MongoClient of the driver, or a mongoose Connection, Model or the mongoose/
  expect(() => toHaveNoLeakedCursors(received)).toThrow(accepted)
  if (received !== undefined) expect(() => leaks(received)).toThrow(accepted)
})

test('the assertion has the leaks as data, and begins where it is called', async () => {
  const { MongoClient: Client } = load('mongodb') as { MongoClient: new (uri: string) => MongoClient }
  const client = new Client(inject('mongoUri'))
  const cursor = client.db(DATABASE).collection('orders').find().batchSize(2)
  await cursor.next()
  const error = failure(() => assertNoLeakedCursors(client))
  expect(error).toMatchObject({
    name: 'CursorLeakError',
    code: 'ERR_CURSOR_LEAK',
    leaks: [{ state: 'open', count: 1 }],
  })
  expect(error.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain('targets.test.ts')
  // Asked again it is found again; for the check it is settled.
  expect(fails(client)).toBe(true)
  expect(leaks(client)).toEqual([])
  allowLeaks()
  expect(fails(client)).toBe(false)
  await client.close()
})

function failure(work: () => void): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it threw no error')
}
