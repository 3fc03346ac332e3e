import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { message } from '../../src/report/message.ts'
import { state } from '../../src/state.ts'
import { FIX_GENERATOR } from '../../src/trace/advice.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { closing, judged, newFile, sourceLine, testOf, verdicts } from './judged.ts'
import { wholeMessage } from './own-server.ts'

const MANY = 2_000

function statesSuite(major: string, driver: typeof driver7): void {
  describe(`states of cursors of driver ${major}`, () => {
    let server: Awaited<ReturnType<typeof startServer>>
    let client: driver7.MongoClient
    let oracle: driver7.MongoClient
    let many: driver7.Collection
    beforeAll(async () => {
      server = await startServer({ own: true })
      startTracing()
      client = await new driver.MongoClient(server.uri).connect()
      oracle = await state().ownCalls.run(true, () => new driver.MongoClient(server.uri).connect())
      many = client.db('states').collection('many')
      await many.insertMany(Array.from({ length: MANY }, (_, no) => ({ no })))
    })
    afterAll(async () => {
      stopTracing()
      await client.close()
      await oracle.close()
      await server.stop()
    })
    beforeEach(() => {
      configure({ settleMs: 100, confirm: false, levels: { unfinished: 'off' } })
    })
    const open = (): Promise<number> => state().ownCalls.run(true, () => openCursors(oracle))

    describe('busy: work that the test did not await', () => {
      const slow = async (no: number): Promise<void> => void (no % 200 === 0 && (await sleep(5)))
      test.each<[string, (cursor: driver7.FindCursor) => Promise<number>]>([
        [
          'for await',
          async (cursor) => {
            let count = 0
            for await (const { no } of cursor) {
              await slow(no)
              count++
            }
            return count
          },
        ],
        [
          'hasNext and next',
          async (cursor) => {
            let count = 0
            while (await cursor.hasNext()) {
              const found = await cursor.next()
              await slow(found?.no)
              count++
            }
            return count
          },
        ],
        [
          'a stream',
          async (cursor) => {
            let count = 0
            for await (const { no } of cursor.stream()) {
              await slow(no)
              count++
            }
            return count
          },
        ],
        ['toArray', async (cursor) => (await cursor.toArray()).length],
        [
          'forEach',
          async (cursor) => {
            let count = 0
            await cursor.forEach(() => void count++)
            return count
          },
        ],
      ])('%s: never closed, gets all its documents, and is clean in the end', async (_name, work) => {
        const file = newFile()
        let done: Promise<number> | undefined
        const found = await testOf(() => {
          done = work(many.find({}).batchSize(50) as unknown as driver7.FindCursor)
        })
        // Fast work may be over when the check has settled: then there is nothing to tell.
        expect(verdicts(found).filter((text) => text !== 'warn cursor busy')).toEqual([])
        expect(await done).toBe(MANY)
        expect(verdicts(await checkScope(file))).toEqual([])
      })

      test('told at the end of its test, and as a leak at the end of the file if it stopped half way', async () => {
        const file = newFile()
        let release = () => {}
        const held = new Promise<void>((resolve) => {
          release = resolve
        })
        let half: Promise<void> | undefined
        const found = await testOf(async () => {
          const cursor = many.find({}).batchSize(50)
          await cursor.next()
          half = (async () => {
            for (let i = 0; i < 600; i++) {
              await cursor.next()
              await sleep(1)
            }
            release()
          })()
        })
        expect(verdicts(found)).toEqual(['warn cursor busy'])
        await held
        await half
        expect(verdicts(await checkScope(file))).toEqual(['fail cursor open'])
      })
    })

    describe('swept: open until its client closed', () => {
      test('closed in the same test: a warning', async () => {
        const { test, file } = await judged(async () => {
          const own = await new driver.MongoClient(server.uri).connect()
          await own.db('states').collection('many').find({}).next()
          await own.close()
        })
        expect(verdicts(test)).toEqual(['warn cursor swept'])
        expect(verdicts(file)).toEqual([])
        expect(test.warn[0]?.cursorId).toMatch(/^-?\d+$/)
      })

      test('few documents: what was abandoned before the sweep', async () => {
        const { test } = await judged(async () => {
          const own = await new driver.MongoClient(server.uri).connect()
          await own.db('states').collection('many').find({}).batchSize(3).hasNext()
          await own.close()
        })
        expect(verdicts(test)).toEqual(['warn cursor swept'])
      })

      test('clean twins: closed, drained or never used before the client closed', async () => {
        const { test, file } = await judged(async () => {
          const own = await new driver.MongoClient(server.uri).connect()
          const items = own.db('states').collection('many')
          const closed = items.find({})
          await closed.next()
          await closed.close()
          await items.find({}).toArray()
          items.find({})
          await own.close()
        })
        expect([...verdicts(test), ...verdicts(file)]).toEqual([])
      })
    })

    describe('unfinished: read part of the way, nothing unread', () => {
      const one = (): Promise<unknown> => many.find({ no: 7 }).next()

      test('off by default', async () => {
        expect(verdicts((await judged(one)).test)).toEqual([])
      })

      test('on by levels', async () => {
        configure({ levels: { unfinished: 'warn' } })
        expect(verdicts((await judged(one)).test)).toEqual(['warn cursor unfinished'])
        const clean: Array<() => unknown> = [
          () => many.find({ no: 7 }).toArray(),
          () => many.find({ no: 7 }).forEach(() => {}),
          async () => {
            for await (const { no } of many.find({ no: 7 })) expect(no).toBe(7)
          },
          async () => {
            for await (const { no } of many.find({ no: 7 }).stream()) expect(no).toBe(7)
          },
          async () => {
            const cursor = many.find({ no: 7 })
            while (await cursor.hasNext()) await cursor.next()
          },
        ]
        for (const body of clean) expect(verdicts((await judged(body)).test)).toEqual([])
        expect(verdicts((await judged(() => many.find({ no: 7 }).limit(1).next())).test)).toEqual([])
      })
    })

    describe('unkilled: closed here, alive on the server', () => {
      /** The driver's own fault: destroyed close to its first data, from 6 on. */
      const destroyAtOnce = (): Promise<void> =>
        new Promise((resolve, reject) => {
          const stream = many.find({}).stream()
          stream.once('error', reject)
          stream.once('close', resolve)
          stream.once('data', () => {
            stream.pause()
            queueMicrotask(() => stream.destroy())
          })
        })

      test('told with confirm exactly as often as the server says', async () => {
        configure({ confirm: true })
        let told = 0
        let left = 0
        for (let i = 0; i < 10; i++) {
          const before = await open()
          const { test } = await judged(async () => {
            await destroyAtOnce()
            await sleep(20)
            left += (await open()) - before
          })
          expect(test.fail).toEqual([])
          told += test.warn.filter((leak) => leak.state === 'unkilled').length
          expect(await open()).toBe(before)
        }
        expect(told).toBe(left)
        // Driver 4 and 5 kill it.
        expect(told > 0).toBe(Number(major) >= 6)
      })

      test('not asked without confirm', async () => {
        const before = await open()
        expect(verdicts((await judged(destroyAtOnce)).test)).toEqual([])
        const left = (await open()) - before
        configure({ confirm: true })
        expect(verdicts((await judged(() => {})).test)).toEqual([])
        expect((await open()) - before).toBe(left)
      })

      test('clean twins: nothing is told of cursors that were really killed', async () => {
        configure({ confirm: true })
        const { test, file } = await judged(async () => {
          for (let i = 0; i < 3; i++) {
            const cursor = many.find({})
            await cursor.next()
            await cursor.close()
          }
          const stream = many.find({}).stream()
          await new Promise((resolve) => stream.once('data', () => resolve(stream.pause())))
          await sleep(5)
          await new Promise((resolve) => stream.once('close', resolve).destroy())
          const own = await new driver.MongoClient(server.uri).connect()
          const cursor = own.db('states').collection('many').find({})
          await cursor.next()
          await cursor.close()
          await own.close()
          const late = many.find({})
          await late.next()
          void late.close()
        })
        expect([...verdicts(test), ...verdicts(file)]).toEqual([])
      })
    })

    describe('where it was read last, and how many documents', () => {
      test('the line of the last read', async () => {
        const { test } = await judged(async () => {
          const cursor = many.find({})
          await cursor.next()
          await cursor.next()
          await cursor.tryNext() // the last
        })
        expect(verdicts(test)).toEqual(['fail cursor open'])
        expect(await sourceLine(test.fail[0]?.lastUse)).toContain('// the last')
        expect(test.fail[0]).toMatchObject({ documentsRead: 3, usesSince: 0 })
        expect(message(test.fail[0] as never)).toMatch(/\n {2}last read at .*states\.both\.ts:\d+:\d+\)?\n/)
      })

      test('a loop is sampled', async () => {
        const { test } = await judged(async () => {
          const cursor = many.find({})
          for (let i = 0; i < 70; i++) await cursor.next() // in the loop
        })
        expect(await sourceLine(test.fail[0]?.lastUse)).toContain('// in the loop')
        expect(test.fail[0]).toMatchObject({ documentsRead: 70, usesSince: 6 })
      })

      test.each<[string, (cursor: driver7.FindCursor) => Promise<unknown>, boolean]>([
        [
          'hasNext',
          async (cursor) => {
            await cursor.next()
            await cursor.hasNext() // by hasNext
          },
          true,
        ],
        [
          'tryNext',
          async (cursor) => {
            await cursor.next()
            await cursor.tryNext() // by tryNext
          },
          true,
        ],
        [
          'an iterator by hand',
          async (cursor) => {
            const iterator = cursor[Symbol.asyncIterator]()
            await iterator.next()
            await iterator.next()
          },
          false,
        ],
        [
          'a stream, where the driver reads by itself',
          async (cursor) => {
            const stream = cursor.stream()
            await new Promise((resolve) => stream.once('data', () => resolve(stream.pause())))
            await sleep(5)
          },
          false,
        ],
      ])('%s: a line of the user, or none', async (name, read, known) => {
        const { test } = await judged(() => read(many.find({}) as unknown as driver7.FindCursor))
        const line = await sourceLine(test.fail[0]?.lastUse)
        if (known) expect(line).toContain(`// by ${name}`)
        // Read by the driver's own loop: a line of the user's, or silence; never one of the driver's.
        else if (test.fail[0]?.lastUse) expect(test.fail[0].lastUse.file).toMatch(/states\.both\.ts$/)
        expect(verdicts(test)).toEqual(['fail cursor open'])
      })

      test('read once: no later use', async () => {
        const { test } = await judged(async () => void (await many.find({}).next()))
        expect(test.fail[0]?.lastUse).toBeUndefined()
      })

      test.each<[string, (items: driver7.Collection) => Promise<unknown>, number | undefined]>([
        ['find and next', (items) => items.find({}).next(), 1],
        ['find and hasNext', (items) => items.find({}).hasNext(), 0],
        ['aggregate and next', (items) => items.aggregate([]).next(), 1],
        ['aggregate and hasNext', (items) => items.aggregate([]).hasNext(), 0],
        [
          'find, next and readBufferedDocuments',
          async (items) => {
            const cursor = items.find({}).batchSize(10)
            await cursor.next()
            cursor.readBufferedDocuments(4)
          },
          5,
        ],
        [
          'aggregate, next and readBufferedDocuments',
          async (items) => {
            const cursor = items.aggregate([], { batchSize: 10 })
            await cursor.next()
            cursor.readBufferedDocuments(4)
          },
          5,
        ],
        [
          'aggregate and a stream: not known',
          async (items) => {
            const stream = items.aggregate([]).stream()
            await new Promise((resolve) => stream.once('data', () => resolve(stream.pause())))
          },
          undefined,
        ],
      ])('%s', async (_name, body, count) => {
        const { test } = await judged(() => body(many))
        expect(verdicts(test)).toEqual(['fail cursor open'])
        expect(test.fail[0]?.documentsRead).toBe(count)
      })
    })

    test('noCursorTimeout is named, and only where it is set', async () => {
      const text = async (options: object) => {
        const { test } = await judged(() => many.find({}, options).next())
        return wholeMessage(test.fail[0])
      }
      const whole = (note: string) => `FindCursor on states.many was never closed: open on the server, 1 document read
  created at states.both.ts:<line>
${note}  to fix it: ${closing(major)}
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#open`
      const named = whole('  note: noCursorTimeout is set: the server never times it out\n')
      expect(await text({ noCursorTimeout: true })).toBe(named)
      expect(await text({})).toBe(whole(''))
      expect(await text({ noCursorTimeout: false })).toBe(whole(''))
    })

    test('a generator of its user: its `finally` runs when it is ended, and the message says how', async () => {
      async function* numbers() {
        const cursor = many.find()
        try {
          while (await cursor.hasNext()) yield (await cursor.next())?.no
        } finally {
          await cursor.close()
        }
      }
      const left = await judged(() => numbers().next())
      expect(verdicts(left.test)).toEqual(['fail cursor open'])
      expect(left.test.fail[0]?.fix).toBe(FIX_GENERATOR)
      const ended = await judged(async () => {
        for await (const no of numbers()) if (no === 0) break
        const generator = numbers()
        await generator.next()
        await generator.return()
      })
      expect(verdicts(ended.test)).toEqual([])
    })

    test('what compilers make of an async function is no generator of its user', async () => {
      const step = (body: () => Generator<Promise<unknown>>): unknown => body().next().value
      const { test } = await judged(() =>
        step(function* () {
          yield many.find().next()
        }),
      )
      expect(test.fail[0]?.fix).toBe(closing(major))
    })

    test('count and explain do not disturb', async () => {
      const { test } = await judged(async () => {
        const cursor = many.find({})
        expect(await cursor.count()).toBe(MANY)
        await many
          .find({})
          .explain()
          .catch(() => {})
        await many
          .aggregate([])
          .explain()
          .catch(() => {})
      })
      expect(verdicts(test)).toEqual([])
    })
  })
}

for (const [major, driver] of driversOfPhase) statesSuite(major, driver)
