import { type Collection, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { contextOf, newScope } from '../../src/trace/scope.ts'

// Built while tracing, so that its prototype is watched.
let client: MongoClient
let users: Collection
beforeAll(() => {
  startTracing()
  client = new MongoClient(inject('mongoUri'))
})
afterAll(async () => {
  stopTracing()
  await client.close()
})
beforeEach(async ({ task }) => {
  configure({ settleMs: 0 })
  state().indexes.clear()
  users = client.db('cursorleak_unique').collection(task.id)
  await users.insertMany([
    { email: 'a', shop: 1, no: 1 },
    { email: 'b', shop: 1, no: 2 },
  ])
})
afterEach(() => users.drop().catch(() => {}))

/** What a test is judged by that asks for existence with this filter and leaves the cursor. */
async function judge(filter: object, before = async () => {}): Promise<string[]> {
  const scope = newScope('test', 'existence')
  await state().als.run(contextOf(scope, 'body'), () => users.find(filter).hasNext())
  await before()
  const { fail, warn } = await checkScope(scope)
  return [...fail, ...warn].map((leak) => `${leak.level} ${leak.state}`)
}

describe('equality on a whole unique index can not outlive the first batch', () => {
  test('one field, created here', async () => {
    await users.createIndex({ email: 1 }, { unique: true })
    expect(await judge({ email: 'a' })).toEqual([])
    expect(await judge({ shop: 1 })).toEqual(['fail abandoned'])
  })

  test('two fields, of which one is not enough', async () => {
    await users.createIndexes([{ key: { shop: 1, no: 1 }, unique: true }])
    expect(await judge({ shop: 1, no: 1 })).toEqual([])
    expect(await judge({ shop: 1 })).toEqual(['fail abandoned'])
  })

  test('created by somebody else: the collection is asked', async () => {
    await users.createIndex({ email: 1 }, { unique: true })
    state().indexes.clear()
    expect(await judge({ email: 'a' })).toEqual([])
  })

  test('an index that is not unique', async () => {
    await users.createIndex({ email: 1 })
    expect(await judge({ email: 'a' })).toEqual(['fail abandoned'])
  })

  test('created after the collection was asked', async () => {
    expect(await judge({ email: 'a' })).toEqual(['fail abandoned'])
    await users.createIndex({ email: 1 }, { unique: true })
    expect(await judge({ email: 'a' })).toEqual([])
  })
})

describe('the collection is dropped before the check, as an afterEach does', () => {
  test('a unique index that was created here still acquits', async () => {
    await users.createIndex({ email: 1 }, { unique: true })
    expect(await judge({ email: 'a' }, async () => void (await users.drop()))).toEqual([])
  })

  test('without one the leak fails', async () => {
    expect(await judge({ email: 'a' }, async () => void (await users.drop()))).toEqual(['fail abandoned'])
  })
})
