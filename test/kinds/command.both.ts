import type * as driver7 from 'mongodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { toHaveNoLeakedCursors } from '../../src/matchers/index.ts'
import { state } from '../../src/state.ts'
import { killCursors } from '../../src/trace/kill.ts'
import type { CommandCursor } from '../../src/trace/resources/command.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, lineOf, verdicts } from './judged.ts'
import { ownServer } from './own-server.ts'

type Reply = { cursor: { id: unknown; ns: string; firstBatch?: unknown[]; nextBatch?: unknown[] } }
interface Case {
  name: string
  /** Verdicts at 3 and at 2,000 documents. */
  expected: readonly [few: string[], many: string[]]
  run(db: driver7.Db, collection: string, more: { uri: string; driver: typeof driver7 }): Promise<unknown>
  /** The majors that can run it. */
  on?: number[]
}
const LEAK = ['fail cursor open']
const command = (db: driver7.Db, what: object): Promise<Reply> => db.command(what) as unknown as Promise<Reply>
/** One id in a thousand is so small that the driver makes a number of it, and refuses to send it as an id again. */
const again = ({ cursor: { id } }: Reply, { Long }: typeof driver7): unknown =>
  typeof id === 'number' ? Long.fromNumber(id) : id
const find = (db: driver7.Db, collection: string, more: object = {}) =>
  command(db, { find: collection, batchSize: 2, ...more })
const getMore = (db: driver7.Db, reply: Reply, driver: typeof driver7, collection: string, batchSize = 2) =>
  command(db, { getMore: again(reply, driver), collection, batchSize })

const CASES: Case[] = [
  { name: 'find, of which a part came', expected: [LEAK, LEAK], run: (db, all) => find(db, all) }, // at find
  {
    name: 'find, whose first batch is the size of a reply',
    expected: [[], LEAK],
    run: (db, find) => command(db, { find }),
  },
  {
    name: 'aggregate',
    expected: [LEAK, LEAK],
    run: (db, aggregate) => command(db, { aggregate, pipeline: [], cursor: { batchSize: 1 } }),
  },
  {
    name: 'aggregate with an empty first batch, as people do to get an id',
    expected: [LEAK, LEAK],
    run: (db, aggregate) => command(db, { aggregate, pipeline: [], cursor: { batchSize: 0 } }),
  },
  {
    name: 'listCollections',
    expected: [LEAK, LEAK],
    run: (db) => command(db, { listCollections: 1, cursor: { batchSize: 1 } }),
  },
  {
    name: 'listIndexes',
    expected: [LEAK, LEAK],
    async run(db, listIndexes) {
      await db.collection(listIndexes).createIndex({ no: 1 })
      return command(db, { listIndexes, cursor: { batchSize: 1 } })
    },
  },
  {
    name: 'read on by getMore, and left',
    expected: [LEAK, LEAK],
    async run(db, all, { driver }) {
      const reply = await find(db, all, { batchSize: 1 })
      await getMore(db, reply, driver, all, 1)
    },
  },
  {
    name: 'read to its end by getMore',
    expected: [[], []],
    async run(db, all, { driver }) {
      const reply = await find(db, all)
      for (let more = reply; Number(more.cursor.id) !== 0; ) more = await getMore(db, more, driver, all, 1_000)
    },
  },
  {
    name: 'read to its end by another client',
    expected: [[], []],
    async run(db, all, { uri, driver }) {
      const reply = await find(db, all)
      const other = await new driver.MongoClient(uri).connect()
      for (let more = reply; Number(more.cursor.id) !== 0; )
        more = await getMore(other.db(db.databaseName), more, driver, all, 1_000)
      await other.close()
    },
  },
  {
    name: 'killed',
    expected: [[], []],
    async run(db, all, { driver }) {
      const reply = await find(db, all)
      await db.command({ killCursors: all, cursors: [again(reply, driver)] })
    },
  },
  {
    name: 'killed with others in one command',
    expected: [[], []],
    async run(db, all, { driver }) {
      const replies = await Promise.all([find(db, all), find(db, all), find(db, all)])
      await db.command({ killCursors: all, cursors: replies.map((reply) => again(reply, driver)) })
    },
  },
  {
    name: 'three at once, of which one is killed',
    expected: [['fail cursor open ×2'], ['fail cursor open ×2']],
    async run(db, all, { driver }) {
      const [one] = await Promise.all([find(db, all), find(db, all), find(db, all)])
      await db.command({ killCursors: all, cursors: [again(one, driver)] })
    },
  },
  {
    name: 'ids as bigint',
    expected: [LEAK, LEAK],
    run: (db, all) => db.command({ find: all, batchSize: 1 }, { useBigInt64: true } as never),
    on: [6, 7],
  },
  {
    name: 'ids as they come, unpromoted',
    expected: [LEAK, LEAK],
    run: (db, all) => db.command({ find: all, batchSize: 1 }, { promoteValues: false } as never),
  },
  {
    name: 'a single batch',
    expected: [[], []],
    run: (db, all) => find(db, all, { singleBatch: true }),
  },
  { name: 'all in one batch', expected: [[], []], run: (db, all) => find(db, all, { batchSize: 5_000 }) },
  { name: 'a limit that was reached', expected: [[], []], run: (db, all) => find(db, all, { limit: 2 }) },
  {
    name: 'a command that fails',
    expected: [[], []],
    run: (db, find) => command(db, { find, filter: { $nope: 1 } }).catch(() => {}),
  },
  {
    name: 'commands that are none of these',
    expected: [[], []],
    run: (db, count) =>
      Promise.all([db.command({ ping: 1 }), db.command({ count }), db.command({ distinct: count, key: 'no' })]),
  },
  {
    name: 'runCursorCommand(), read to its end',
    expected: [[], []],
    run: (db, find) => db.runCursorCommand({ find, batchSize: 2 }).toArray(),
    on: [5, 6, 7],
  },
  {
    name: 'killed while it is not yet known here',
    expected: [[], []],
    async run(db, all, { driver }) {
      const [reply] = await Promise.all([find(db, all)])
      void db.command({ killCursors: all, cursors: [again(reply, driver)] }).catch(() => {})
    },
  },
]

function commandSuite(major: string, driver: typeof driver7) {
  describe(`driver ${major}`, () => {
    const server = ownServer(driver)
    beforeAll(async () => {
      const few = server.client.db('states').collection('few')
      await few.insertMany([1, 2, 3].map((no) => ({ no })))
    })

    test.each(CASES.filter(({ on }) => on?.includes(Number(major)) ?? true))('$name', async ({ run, expected }) => {
      for (const [i, name] of ['few', 'many'].entries()) {
        const before = await server.open()
        let left = 0
        const { test, file } = await judged(async () => {
          await run(server.client.db('states'), name, { uri: server.uri, driver })
          left = (await server.open()) - before
        })
        expect([...verdicts(test), ...verdicts(file)], name).toEqual(expected[i])
        // The server is the judge; what is told is killed with the file.
        expect(left > 0).toBe((expected[i]?.length ?? 0) > 0)
        expect(await server.open()).toBe(before)
      }
    })

    test('the line of the call, what it is and how it is mended', async () => {
      const { test } = await judged(async () => {
        await server.client.db('states').command({ find: 'many' }) // here
      })
      expect(await lineOf(test.fail[0])).toContain('// here')
      expect(test.fail[0]).toMatchObject({
        operation: 'db.command({ find })',
        namespace: 'states.many',
        kind: 'cursor',
      })
      const by = Number(major) >= 5 ? 'db.runCursorCommand' : 'collection.find'
      expect(test.fail[0]?.fix).toBe(
        `use a cursor of the driver, as by \`${by}()\`; or send \`getMore\` until the id is 0, or \`killCursors\``,
      )
    })

    test('an id of which the driver makes a number is killed, too', async () => {
      const ids = [12_345, 2 ** 40 + 1]
      const reply = await killCursors(server.client, 'states.many', ids)
      expect(reply).toMatchObject({ ok: 1, cursorsNotFound: ids })
    })

    test('by admin(), and at once for the matcher', async () => {
      const { test } = await judged(async () => {
        const db = server.client.db('admin')
        await db.collection('few').insertMany([1, 2, 3].map((no) => ({ no })))
        await db.admin().command({ find: 'few', batchSize: 1 })
        expect(toHaveNoLeakedCursors(db).pass).toBe(false)
        expect(toHaveNoLeakedCursors(server.client.db('states')).pass).toBe(true)
      })
      // Told by the matcher.
      expect(verdicts(test)).toEqual([])
    })

    test('its client is closed: that kills it not', async () => {
      const before = await server.open()
      const { test } = await judged(async () => {
        const client = await server.connect()
        await client.db('states').command({ find: 'many' })
        await client.close()
      })
      expect(verdicts(test)).toEqual(['warn cursor open'])
      expect(test.warn[0]?.notes).toContain('its client is closed, which kills no cursor that a command opened')
      expect(await server.open()).toBe(before + 1)
    })

    test('replies are let go once they are known to bring no cursor', async () => {
      const { commands } = state()
      await judged(async () => {
        const db = server.client.db('states')
        const before = commands.size
        for (let i = 0; i < 1_100; i++) await db.command({ find: 'few' })
        expect(commands.size).toBeLessThanOrEqual(1_000)
        const held = [...commands].filter(({ target }) => (target as CommandCursor).first !== undefined)
        expect(held.length - before).toBeLessThanOrEqual(1)
        await db.command({ find: 'many' })
      }).then(({ test }) => expect(verdicts(test)).toEqual(LEAK))
    })

    test('sent and not awaited: judged with the file, by what came', async () => {
      const { test, file } = await judged(
        () =>
          void server.client
            .db('states')
            .command({ find: 'many' })
            .catch(() => {}),
      )
      expect([...verdicts(test), ...verdicts(file)].length).toBeLessThanOrEqual(1)
      const slow = await judged(
        () =>
          void server.client
            .db('states')
            .command({ find: 'few' })
            .catch(() => {}),
      )
      expect([...verdicts(slow.test), ...verdicts(slow.file)]).toEqual([])
    })
  })
}
for (const [major, driver] of driversOfPhase) commandSuite(major, driver)
