import { once } from 'node:events'
import type * as driver7 from 'mongodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import type { Leak } from '../../src/report/leak.ts'
import { state } from '../../src/state.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, lineOf, sourceLine, verdicts } from './judged.ts'
import { ownServer, wholeMessage } from './own-server.ts'

const TAIL = { maxAwaitTimeMS: 20 }
type Client = driver7.MongoClient
type Reading = { next(): Promise<unknown>; close(): Promise<void> }

/** Until a command is on its way; its reply takes another turn. */
const underWay = (client: Client): Promise<void> =>
  new Promise((resolve) => client.once('connectionCheckedOut', () => setImmediate(resolve)))

/** One line that closes before the first reply: what is told once for each line. */
async function closedUnderWay(client: Client, cursor: Reading): Promise<void> {
  const sent = underWay(client)
  const read = cursor.next()
  await sent
  await Promise.allSettled([cursor.close(), read])
}

/** Reads that overlap before the first reply, and closes that come before it: whole messages, by the server's count. */
function overlappingSuite(major: string, driver: typeof driver7): void {
  describe(`before the first reply: driver ${major}`, () => {
    const server = ownServer(driver)
    // What is told once for a line of this file was told for another driver before.
    beforeAll(() => state().said.clear())

    /** Runs it as a test, and counts what it left on the server before and after its check. */
    async function outcome(run: () => Promise<unknown>) {
      const before = await server.open()
      let left = 0
      const { test, file } = await judged(async () => {
        await run()
        left = (await server.open()) - before
      })
      const told: Leak[] = [...test.fail, ...test.warn]
      return { told, left, after: (await server.open()) - before, said: [...verdicts(test), ...verdicts(file)] }
    }

    test('two reads at once, then a close: the whole message, and the other cursor is killed', async () => {
      const { told, ...rest } = await outcome(async () => {
        const cursor = server.many.find()
        await Promise.all([cursor.next(), cursor.next()])
        await cursor.close()
      })
      expect(rest).toEqual({ left: 1, after: 0, said: ['fail cursor lost'] })
      expect(await lineOf(told[0])).toBe('const cursor = server.many.find()')
      expect(await sourceLine(told[0]?.startedAgain)).toBe('await Promise.all([cursor.next(), cursor.next()])')
      expect(wholeMessage(told[0])).toBe(
        `FindCursor on states.many was started 2 times at once: the driver keeps one of these cursors, and the others stay open on the server
  created at overlapping.both.ts:<line>
  started again at overlapping.both.ts:<line>, before the first reply
  to fix it: await each read before the next one
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#lost`,
      )
    })

    test('ten reads in a loop: nine are lost', async () => {
      const { told, ...rest } = await outcome(async () => {
        const cursor = server.many.find()
        await Promise.allSettled(Array.from({ length: 10 }, () => cursor.next()))
        await cursor.close()
      })
      expect(rest).toEqual({ left: 9, after: 0, said: ['fail cursor lost'] })
      expect(told[0]?.started).toBe(10)
    })

    test('over little data the server is done, and the message says what more would do', async () => {
      const { told, ...rest } = await outcome(async () => {
        const cursor = server.many.find({ no: { $lt: 3 } })
        await Promise.allSettled([cursor.next(), cursor.next()])
        await cursor.close()
      })
      expect(rest).toEqual({ left: 0, after: 0, said: ['fail cursor abandoned'] })
      expect(wholeMessage(told[0])).toBe(
        `FindCursor on states.many was started 2 times at once: the driver keeps one of these cursors and forgets the others; none stayed open on the server this time, with more data they do
  created at overlapping.both.ts:<line>
  started again at overlapping.both.ts:<line>, before the first reply
  to fix it: await each read before the next one
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#abandoned`,
      )
    })

    test('two loops over several batches, read to their ends: the words fit, and no loop is said to go on', async () => {
      const { told, left } = await outcome(async () => {
        const cursor = server.many.find()
        await Promise.allSettled([cursor.toArray(), cursor.toArray()])
        await cursor.close()
      })
      const [leak] = told
      expect(leak?.started).toBe(2)
      expect(leak?.notes).toEqual([])
      expect(wholeMessage(leak)).toContain(
        left === 0 ? 'none stayed open on the server this time' : 'and the others stay',
      )
    })

    test('two reads of a change stream at once', async () => {
      const { told, ...rest } = await outcome(async () => {
        const stream = server.many.watch([], TAIL)
        await Promise.allSettled([stream.tryNext(), stream.tryNext()])
        await stream.close()
      })
      expect(rest).toEqual({ left: 1, after: 0, said: ['fail changeStream lost'] })
      expect(wholeMessage(told[0])).toContain('ChangeStream on states.many was started 2 times at once')
    })

    test('closed while the first command is under way: a warning, once a line', async () => {
      const { told, ...rest } = await outcome(async () => {
        for (let i = 0; i < 3; i++) await closedUnderWay(server.client, server.many.find())
      })
      expect(rest).toEqual({ left: 3, after: 3, said: ['warn cursor unkilled ×3'] })
      expect(wholeMessage(told[0])).toBe(
        `FindCursor on states.many was not killed (3 times): closed here, still alive on the server
  created at overlapping.both.ts:<line>
  to fix it: a fault of the driver, which sends no killCursors then; to avoid it wait for the first read before you close
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#unkilled`,
      )
    })

    test('a change stream whose listener gets nothing: what can be waited for, and it works', async () => {
      const watched = () => {
        const stream = server.many.watch([], TAIL)
        return stream.on('change', () => {}).on('error', () => {})
      }
      const { told, left } = await outcome(async () => {
        const stream = watched()
        await underWay(server.client)
        await stream.close()
      })
      expect(told.length).toBe(left)
      if (major.startsWith('7')) expect(left).toBe(1)
      for (const { fix } of told) {
        expect(fix).toContain("wait for its event 'resumeTokenChanged' and one turn more (`setImmediate`)")
      }
      const followed = await outcome(async () => {
        const stream = watched()
        await once(stream, 'resumeTokenChanged')
        await new Promise(setImmediate)
        await stream.close()
      })
      expect(followed).toEqual({ told: [], left: 0, after: 0, said: [] })
    })

    test('in a later test the same line is not told again, and another one is', async () => {
      const run = () => closedUnderWay(server.client, server.many.aggregate([]) as Reading)
      expect((await outcome(run)).said).toEqual(['warn cursor unkilled'])
      expect((await outcome(run)).said).toEqual([])
      const other = await outcome(() => closedUnderWay(server.client, server.many.find()))
      expect(other.said).toEqual(['warn cursor unkilled'])
    })

    test.each<[string, () => Promise<unknown>]>([
      [
        'each read awaited',
        async () => {
          const cursor = server.many.find()
          await cursor.next()
          await Promise.all([cursor.next(), cursor.next()])
          await cursor.close()
        },
      ],
      [
        'closed after the first read',
        async () => {
          const cursor = server.many.find()
          await cursor.next()
          await cursor.close()
        },
      ],
      ['little data, closed under way', () => closedUnderWay(server.client, server.many.find({ no: { $lt: 3 } }))],
      ['a wrong query, closed under way', () => closedUnderWay(server.client, server.many.find({ $bad: 1 }))],
    ])('clean: %s', async (_name, run) => {
      const { told, ...rest } = await outcome(run)
      expect({ told, rest }).toEqual({ told: [], rest: { left: 0, after: 0, said: [] } })
    })

    test('clean: closed under way while the server dies', async () => {
      const dying = await startServer({ own: true })
      const options = { serverSelectionTimeoutMS: 200, retryReads: false }
      const client = await new driver.MongoClient(dying.uri, options).connect()
      const answered: unknown[] = []
      try {
        const { test: found, file } = await judged(async () => {
          const stream = client.db('states').collection('many').watch([], { maxAwaitTimeMS: 5_000 })
          const sent = underWay(client)
          const read = stream.next().catch((error: unknown) => answered.push(error))
          await sent
          await Promise.allSettled([dying.stop(), stream.close()])
          await read
        })
        expect([...verdicts(found), ...verdicts(file)]).toEqual([])
        expect(answered).toHaveLength(1)
      } finally {
        await state().ownCalls.run(true, () => client.close())
        await dying.stop().catch(() => {})
      }
    })
  })
}

for (const [major, driver] of driversOfPhase) overlappingSuite(major, driver)
