import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configure } from '../../src/options.ts'
import { drivers } from '../server/drivers.ts'
import { judged, verdicts } from './judged.ts'
import { MANY, ownServer } from './own-server.ts'

const FEW = 3
/** Of every size a first batch that is not all. */
const BATCH = 2
/** BadValue: nothing that a driver tries again. */
const CODE = 2

/** A getMore that the server refuses, by its own fail point. */
function serverErrorSuite(major: string, driver: typeof driver7): void {
  describe(`a server error at getMore, driver ${major}`, () => {
    const server = ownServer(driver)
    const fail = (mode: 'off' | { times: number }) =>
      server.admin({
        configureFailPoint: 'failCommand',
        mode,
        data: { failCommands: ['getMore'], errorCode: CODE },
      })
    // What was read in part is told, too: an error is no end that its user has seen.
    beforeEach(() => void configure({ settleMs: 100, confirm: false, levels: { client: 'off', unfinished: 'warn' } }))
    afterEach(async () => void (await fail('off')))

    const facts = async (size: number, body: (cursor: driver7.FindCursor) => unknown) => {
      const before = await server.open()
      let held = 0
      const { test, file } = await judged(async () => {
        const cursor = server.many.find({ no: { $lt: size } }, { batchSize: BATCH })
        await body(cursor as unknown as driver7.FindCursor)
        held = (await server.open()) - before
      })
      return { said: [...verdicts(test), ...verdicts(file)], held }
    }
    const LEAK = { said: ['fail cursor open'], held: 1 }
    const CLEAN = { said: [], held: 0 }

    /** Ways that reach the second batch, and throw what the server says. */
    const ways: Array<[string, (cursor: driver7.FindCursor) => Promise<unknown>]> = [
      [
        'next()',
        async (cursor) => {
          while (await cursor.next());
        },
      ],
      [
        'hasNext()',
        async (cursor) => {
          while (await cursor.hasNext()) await cursor.next()
        },
      ],
      [
        'for await',
        async (cursor) => {
          for await (const _ of cursor);
        },
      ],
      ['toArray()', (cursor) => cursor.toArray()],
      ['forEach()', (cursor) => cursor.forEach(() => {})],
      [
        'for await of stream()',
        async (cursor) => {
          for await (const _ of cursor.stream());
        },
      ],
      ["stream().on('data')", (cursor) => once(cursor.stream().resume(), 'end')],
    ]

    describe.each([FEW, MANY])('%i documents', (size) => {
      test.each(ways)('%s: the driver closes by itself', async (_name, read) => {
        await fail({ times: 1 })
        const found = await facts(size, async (cursor) => {
          await expect(read(cursor)).rejects.toMatchObject({ code: CODE })
          await sleep(20)
        })
        expect(found).toEqual(CLEAN)
      })

      test.each(ways)('clean twin, no error: %s', async (_name, read) => {
        expect(await facts(size, read)).toEqual(CLEAN)
      })

      test('left before the server would refuse: a leak as ever', async () => {
        await fail({ times: 1 })
        expect(await facts(size, (cursor) => cursor.next())).toEqual(LEAK)
      })

      test('only one of two cursors meets the error: the other one is the leak', async () => {
        await fail({ times: 1 })
        const found = await facts(size, async (cursor) => {
          await cursor.next()
          await expect(cursor.clone().toArray()).rejects.toMatchObject({ code: CODE })
          await sleep(20)
        })
        expect(found).toEqual(LEAK)
      })
    })
  })
}

for (const [major, driver] of drivers) serverErrorSuite(major, driver)
