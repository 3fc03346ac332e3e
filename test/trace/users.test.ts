import { MongoClient } from 'mongodb'
import { MongoClient as MongoClient6 } from 'mongodb6'
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest'
import { configure, isTracing, leaks, startTrace, stopTrace } from '../../src/index.ts'
import { state } from '../../src/state.ts'

const client = new MongoClient(inject('mongoUri'))
const things = client.db('cursorleak_users').collection('things')

beforeAll(async () => {
  await things.deleteMany({})
  await things.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
})
afterEach(() => {
  while (isTracing()) stopTrace()
  state().options.configured = {}
  delete state().options.cache
  vi.unstubAllEnvs()
})
afterAll(async () => {
  await things.drop()
  await client.close()
})

/** Leaves one open, and says how many are seen. */
async function seen(): Promise<number> {
  const cursor = things.find({})
  await cursor.next()
  const count = leaks().reduce((sum, leak) => sum + leak.count, 0)
  await cursor.close()
  return count
}

test('one of several users stops: the others are still traced', async () => {
  startTrace()
  startTrace()
  stopTrace()
  expect([isTracing(), await seen()]).toEqual([true, 1])
  stopTrace()
  expect([isTracing(), await seen()]).toEqual([false, 0])
})

test('a stop too many stops nobody who starts later', async () => {
  stopTrace()
  startTrace()
  expect(await seen()).toBe(1)
})

test.each(['option', 'environment'])('switched off by the %s, startTrace() traces nothing', async (how) => {
  if (how === 'option') configure({ enabled: false })
  else vi.stubEnv('CURSORLEAK', 'off')
  startTrace()
  expect([isTracing(), await seen()]).toEqual([false, 0])
})

test("detail: 'off' notes no cursor that was open before", async () => {
  const older = things.find({}).batchSize(2)
  await older.next()
  startTrace({ detail: 'off' })
  // The class is known from the first object on that is built.
  await things.findOne({})
  for (let i = 0; i < 5; i++) await older.next()
  expect(leaks()).toEqual([])
  await older.close()
})

test('and with the default it is noted', async () => {
  const older = things.find({}).batchSize(2)
  await older.next()
  startTrace()
  // The class is known from the first object on that is built.
  await things.findOne({})
  for (let i = 0; i < 5; i++) await older.next()
  expect(leaks()).toHaveLength(1)
  await older.close()
})

test('a wrong variable while a class is seen for the first time blinds nobody', async () => {
  const other = new MongoClient6(inject('mongoUri'))
  startTrace()
  configure({ settleMs: 50 })
  vi.stubEnv('CURSORLEAK_SETTLE_MS', 'soon')
  const first = other.db('cursorleak_users').collection('things').find({})
  await first.next()
  vi.unstubAllEnvs()
  const second = other.db('cursorleak_users').collection('things').find({})
  await second.next()
  expect(leaks().reduce((sum, leak) => sum + leak.count, 0)).toBe(2)
  await Promise.all([first.close(), second.close()])
  await other.close()
})
