import { setTimeout as sleep } from 'node:timers/promises'
import type mongoose9 from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import type { Leak } from '../../src/report/leak.ts'
import { state } from '../../src/state.ts'
import { contextOf, newScope } from '../../src/trace/scope.ts'
import { allowLeaks } from '../../src/trace.ts'
import type { Use } from './constructs.ts'
import { majorsOfPhase } from './majors.ts'
import { AMOUNTS, type Bench, bench } from './measure.ts'

const brief = (leaks: Leak[]) => leaks.map(({ state, level, operation }) => `${level} ${state} ${operation}`)

/** What no table shows: work in flight, clients that close, rewinding, cursors that cross from one test to another. */
function otherStates(mongoose: typeof mongoose9, major: number): void {
  let b: Bench
  beforeAll(async () => {
    b = await bench(mongoose, major)
  })
  afterAll(() => b.stop())

  test('an eachAsync that nobody awaits is busy, and is left to end', async () => {
    let seen = 0
    let done: Promise<void> | undefined
    const { leaks } = await b.measure(
      {
        name: 'busy',
        async run({ Item }: Use) {
          done = Item.find()
            .cursor()
            .eachAsync(async () => {
              seen++
              if (seen === 2) await sleep(600)
            })
          while (seen < 2) await sleep(5)
        },
      },
      'few',
    )
    expect(brief(leaks)).toEqual(['warn busy QueryCursor'])
    await done
    expect(seen).toBe(AMOUNTS.few.items)
  })

  test('a connection that closes sweeps a cursor, a change stream and a download', async () => {
    const { leaks } = await b.measure(
      {
        name: 'swept',
        async run({ connect, file }: Use) {
          const { Item } = connect()
          await Item.find().cursor().next()
          Item.watch().on('change', Boolean).on('error', Boolean)
          const bucket = new mongoose.mongo.GridFSBucket(Item.db.db as mongoose9.mongo.Db)
          const stream = bucket.openDownloadStream(file)
          await new Promise((resolve) => stream.once('data', () => resolve(stream.pause())))
          await sleep(300)
          await Item.db.close()
        },
      },
      'many',
    )
    // The test that opened them is over by the time they are judged, and its client is closed: a tidy end is only warned about.
    expect(brief(leaks)).toEqual([
      'warn swept QueryCursor',
      'warn swept ChangeStream',
      'warn swept GridFSBucketReadStream',
    ])
  })

  test('rewind() while open makes the driver forget the cursor', async () => {
    const { leaks, open, left } = await b.measure(
      {
        name: 'lost',
        async run({ Item }: Use) {
          const cursor = Item.find().cursor()
          await cursor.next()
          cursor.rewind()
        },
      },
      'many',
    )
    expect({ leaks: brief(leaks), open, left }).toEqual({ leaks: ['fail lost QueryCursor'], open: 1, left: 0 })
  })

  test('built in one test and read in another, it is judged with the file and names the first', async () => {
    const { Item } = b.use.few
    const [first, second] = [newScope('test', 'first'), newScope('test', 'second')]
    const cursor = state().als.run(contextOf(first, 'body'), () => Item.find().cursor())
    first.done = true
    expect(await checkScope(first)).toEqual({ fail: [], warn: [] })
    await state().als.run(contextOf(second, 'body'), () => cursor.next())
    second.done = true
    expect(await checkScope(second)).toEqual({ fail: [], warn: [] })
    const { fail } = await checkScope(state().file)
    expect(fail.map((leak) => [leak.test, leak.state, leak.count])).toEqual([['first', 'abandoned', 1]])
  })

  test('`await using` is proposed where it closes the cursor, and only there', async () => {
    const used = await b.measure(
      { name: 'left', run: async ({ Item }: Use) => void (await Item.find().cursor().next()) },
      'many',
    )
    const [fix = ''] = used.leaks.map((leak) => leak.fix)
    expect(fix).toContain('`try { … } finally { await cursor.close() }`')
    const followed = await b.measure(
      {
        name: 'disposed',
        async run({ Item }: Use) {
          const cursor = Item.find().cursor() as unknown as AsyncDisposable & { next(): Promise<unknown> }
          await cursor.next()
          await cursor[Symbol.asyncDispose]()
        },
      },
      'many',
    )
    expect(followed.leaks.length).toBe(followed.open)
    expect(fix.includes('await using')).toBe(followed.open === 0)
    // What was destroyed before is open for the same reason.
    for (const leak of followed.leaks) expect(leak.fix).not.toContain('await using')
  })

  test('allowLeaks() allows both objects', async () => {
    const { leaks } = await b.measure(
      {
        name: 'allowed',
        async run({ Item }: Use) {
          allowLeaks()
          await Item.find().cursor().next()
        },
      },
      'few',
    )
    expect(leaks).toEqual([])
  })

  test('a hundred cursors of one line are one leak, and nothing is held afterwards', async () => {
    const { leaks } = await b.measure(
      {
        name: 'hundred',
        async run({ Item }: Use) {
          for (let i = 0; i < 100; i++) await Item.find().cursor().next()
          for (let i = 0; i < 600; i++) for await (const item of Item.find()) if (!item) break
        },
      },
      'few',
    )
    expect(leaks.map(({ count, state }) => [count, state])).toEqual([[100, 'abandoned']])
    expect([state().fronts.size, state().file.records.size]).toEqual([0, 0])
  })
}

describe.each(majorsOfPhase)('mongoose %i', (major, mongoose) => otherStates(mongoose, major))
