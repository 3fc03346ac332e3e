import { type Collection, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { toHaveNoLeakedCursors } from '../../src/matchers/no-leaks.ts'
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

/** What the matcher says inside a test that asks for existence and leaves the cursor; then what its check says. */
async function bothSay(filter: object, options: object = {}): Promise<[matcher: string, check: string[]]> {
  const scope = newScope('test', 'existence')
  state().running.add(scope)
  try {
    const passes = await state().als.run(contextOf(scope, 'body'), async () => {
      await users.find(filter, options).hasNext()
      return toHaveNoLeakedCursors(users).pass
    })
    const { fail, warn } = await checkScope(scope)
    return [passes ? 'passes' : 'fails', [...fail, ...warn].map((leak) => `${leak.level} ${leak.state}`)]
  } finally {
    state().running.delete(scope)
  }
}

describe('the matcher, which can not wait for a list of indexes', () => {
  const LEAK = ['fail abandoned']

  test('one document came: it does not know, and the check asks', async () => {
    expect(await bothSay({ no: 1 })).toEqual(['passes', LEAK])
  })

  test('more came than a unique index would allow: it knows', async () => {
    expect(await bothSay({ shop: 1 })).toEqual(['fails', []])
  })

  test('as many as the values of an $in: it does not know', async () => {
    await users.createIndex({ email: 1 }, { unique: true })
    state().indexes.clear()
    expect(await bothSay({ email: { $in: ['a', 'b'] } })).toEqual(['passes', []])
  })

  test('the indexes were listed before: it knows', async () => {
    await users.createIndex({ email: 1 }, { unique: true })
    state().indexes.clear()
    expect(await judge({ no: 1 })).toEqual(LEAK)
    expect(await bothSay({ no: 1 })).toEqual(['fails', []])
    expect(await bothSay({ email: 'a' })).toEqual(['passes', []])
  })

  test('a collection of its own name in another database is not listed', async () => {
    await judge({ no: 1 })
    users = client.db('cursorleak_unique_2').collection(users.collectionName)
    await users.insertOne({ no: 1 })
    expect((await bothSay({ no: 1 }))[0]).toBe('passes')
  })
})

describe('more came than a unique index would allow', () => {
  const LEAK = ['fail abandoned']

  test('also where the indexes can not be listed', async () => {
    const own = await new MongoClient(inject('mongoUri')).connect()
    const shared = users
    users = own.db('cursorleak_unique').collection(shared.collectionName)
    expect(await judge({ shop: 1 }, () => own.close())).toEqual(LEAK)
    users = shared
  })

  test('a unique index over an array: one document for each value', async () => {
    await users.insertOne({ email: 'c', shop: 2, tags: ['x', 'y'] })
    await users.insertOne({ email: 'd', shop: 3, tags: ['z', 'z'] })
    await users.createIndex({ tags: 1 }, { unique: true, sparse: true })
    expect(await judge({ tags: 'x' })).toEqual([])
    expect(await judge({ tags: { $in: ['x', 'z'] } })).toEqual([])
  })

  test('an array is one value here and an element there: two came, so it does not know', async () => {
    await users.insertMany([{ tags: ['x', 'y'] }, { tags: [['x', 'y']] }])
    expect(await bothSay({ tags: ['x', 'y'] })).toEqual(['passes', LEAK])
  })

  test('a partial index that does not hold what the query finds', async () => {
    await users.createIndex({ shop: 1 }, { unique: true, partialFilterExpression: { no: { $gt: 1 } } })
    expect(await judge({ shop: 1 })).toEqual(LEAK)
    expect(await judge({ shop: 1, no: 2 })).toEqual([])
  })

  test('a sparse index does not hold what has none of its fields', async () => {
    await users.createIndex({ phone: 1 }, { unique: true, sparse: true })
    await users.insertOne({ email: 'c', phone: 'x' })
    expect(await judge({ phone: 'x' })).toEqual([])
    expect(await judge({ phone: null })).toEqual(LEAK)
    // As it lists them.
    state().indexes.clear()
    expect(await judge({ phone: null })).toEqual(LEAK)
  })

  test('a value that the expression of a partial index shuts out', async () => {
    await users.createIndex({ email: 1 }, { unique: true, partialFilterExpression: { shop: 1 } })
    expect(await judge({ email: 'a', shop: 1 })).toEqual([])
    expect(await judge({ email: 'a', shop: { $in: [0, 1] } })).toEqual([])
    expect(await judge({ email: 'a' })).toEqual([])
    await users.insertOne({ email: 'a', shop: 2 })
    expect(await judge({ email: 'a', shop: 2 })).toEqual(LEAK)
    state().indexes.clear()
    expect(await judge({ email: 'a', shop: 2 })).toEqual(LEAK)
    expect(await judge({ $and: [{ email: 'a' }, { shop: 2 }] })).toEqual(LEAK)
  })

  describe('with a collation, by which one text stands for several', () => {
    const collation = { locale: 'en', strength: 2 } as const
    beforeEach(() => users.insertOne({ email: 'A', shop: 2, no: 3 }))

    test('a unique index that has one bounds the result', async () => {
      await users.deleteOne({ email: 'A' })
      await users.createIndex({ email: 1 }, { unique: true, collation })
      expect(await bothSay({ email: 'a' }, { collation })).toEqual(['passes', []])
      state().indexes.clear()
      expect(await bothSay({ email: 'a' }, { collation })).toEqual(['passes', []])
    })

    test('a unique index without one lets any number of them in', async () => {
      await users.createIndex({ email: 1 }, { unique: true })
      expect(await bothSay({ email: 'a' }, { collation })).toEqual(['passes', LEAK])
      expect(await bothSay({ email: { $in: ['a', 'b'] } }, { collation })).toEqual(['fails', []])
    })

    test('what is no text is compared as ever', async () => {
      await users.createIndex({ no: 1 }, { unique: true })
      expect(await bothSay({ no: 1, email: 'a' }, { collation })).toEqual(['passes', []])
      expect(await bothSay({ no: { $in: [1, 2] } }, { collation })).toEqual(['passes', []])
    })

    test('the one that compares bytes changes nothing', async () => {
      await users.createIndex({ email: 1 }, { unique: true })
      expect(await bothSay({ email: 'a' }, { collation: { locale: 'simple' } })).toEqual(['passes', []])
    })

    test('an _id that is a text, and one that is none', async () => {
      await users.insertMany([{ _id: 'x' }, { _id: 7 }] as never[])
      expect(await bothSay({ _id: 'x' }, { collation })).toEqual(['passes', LEAK])
      expect(await bothSay({ _id: 7 }, { collation })).toEqual(['passes', []])
    })
  })
})
