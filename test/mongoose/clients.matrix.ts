import { setTimeout as sleep } from 'node:timers/promises'
import type mongoose9 from 'mongoose'
import type { Connection } from 'mongoose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { judged, lineOf, newFile, testOf, verdicts } from '../kinds/judged.ts'
import { wholeMessage } from '../kinds/own-server.ts'
import { majors } from './majors.ts'
import { type Bench, bench } from './measure.ts'

/** Clients and sessions as a suite with mongoose opens them, and cursors that their connection sweeps or forgets to kill. */
function clientsOf(mongoose: typeof mongoose9, major: number): void {
  let b: Bench
  // An instance of its own: disconnect() ends every connection of one.
  const own = new mongoose.Mongoose()
  const made: Connection[] = []
  beforeAll(async () => {
    b = await bench(mongoose, major)
  })
  beforeEach(() => void configure({ confirm: false, levels: { session: 'warn', client: 'warn' } }))
  afterEach(async () => {
    await own.disconnect()
    for (const connection of made.splice(0)) await connection.close()
  })
  afterAll(() => b.stop())
  const create = () => {
    const connection = mongoose.createConnection(b.uri, { dbName: 'many' })
    made.push(connection)
    return connection
  }
  const said = async (body: () => unknown) => {
    const { test, file } = await judged(body)
    return { leaks: [...test.fail, ...test.warn, ...file.fail, ...file.warn], text: [test, file].flatMap(verdicts) }
  }

  describe('clients', () => {
    test('mongoose.connect() and never disconnected: the line of the call', async () => {
      const { leaks, text } = await said(() => own.connect(b.uri))
      expect(text).toEqual(['warn client open'])
      expect(await lineOf(leaks[0])).toContain('own.connect(b.uri)')
      const using = major >= 8 ? ', or `await using client = …` inside the test' : ''
      expect(wholeMessage(leaks[0]).replace(/127\.0\.0\.1:\d+/, '<host>')).toBe(
        'MongoClient on <host> was never closed: still connected at the end of the file; created at clients.matrix.ts:<line>, called at judged.ts:<line>; ' +
          `to fix it: \`await client.close()\` in an \`afterAll\`${using}; ` +
          "to allow it: the option `levels: { client: 'off' }`; read more: cursorleak/docs/states.md#client",
      )
    })

    test('createConnection() and never closed: the line of the call', async () => {
      const { leaks, text } = await said(async () => {
        const connection = mongoose.createConnection(b.uri)
        made.push(connection)
        await connection.asPromise()
      })
      expect(text).toEqual(['warn client open'])
      expect(await lineOf(leaks[0])).toContain('mongoose.createConnection(b.uri)')
    })

    test('clean twins: disconnected, closed, shared until the end of the file', async () => {
      const file = newFile()
      const first = await testOf(async () => {
        await own.connect(b.uri)
        await create().asPromise()
      })
      const second = await testOf(() => own.connection.db?.command({ ping: 1 }))
      await own.disconnect()
      for (const connection of made.splice(0)) await connection.close()
      expect([first, second, await checkScope(file)].flatMap(verdicts)).toEqual([])
    })
  })

  describe('sessions', () => {
    const connection = () => b.use.many.connection

    test('Connection.startSession() and Model.startSession(), never ended: the line of the call', async () => {
      const sessions: Array<{ endSession(): Promise<unknown> }> = []
      const { leaks, text } = await said(async () => {
        sessions.push(await connection().startSession())
        sessions.push(await b.use.many.Item.startSession())
      })
      const both = ['warn session open', 'warn session open']
      // mongoose 6 starts it after a wait that leaves no line of its caller in the stack: both have mongoose's line there.
      expect(text).toEqual(major === 6 ? ['warn session open ×2'] : both)
      const lines = await Promise.all(leaks.map(lineOf))
      if (major > 6) {
        expect(lines[0]).toContain('connection().startSession()')
        expect(lines[1]).toContain('Item.startSession()')
      }
      for (const session of sessions) await session.endSession()
    })

    test('left in a transaction: named', async () => {
      const session = await connection().startSession()
      await session.endSession()
      const { leaks } = await said(async () => {
        const open = await connection().startSession()
        open.startTransaction()
        await b.use.many.Item.findOne({}, null, { session: open })
      })
      expect(leaks.map(({ notes }) => notes.length)).toEqual([1])
    })

    test.each<[string, () => Promise<unknown>]>([
      ['ended', async () => (await connection().startSession()).endSession()],
      [
        'withTransaction, then ended',
        async () => {
          const session = await connection().startSession()
          await session.withTransaction(async () => void (await b.use.many.Item.findOne({}, null, { session })))
          await session.endSession()
        },
      ],
      [
        'connection.transaction()',
        () => connection().transaction(async (session) => void (await b.use.many.Item.findOne({}, null, { session }))),
      ],
      [
        'connection.transaction() that throws',
        () =>
          connection()
            .transaction(() => Promise.reject(new Error('no')))
            .catch(() => {}),
      ],
      [
        'a cursor in a session, both ended',
        async () => {
          const session = await connection().startSession()
          const cursor = b.use.many.Item.find({}, null, { session }).cursor()
          await cursor.next()
          await cursor.close()
          await session.endSession()
        },
      ],
      ['implicit ones', async () => [await b.use.many.Item.findOne(), await b.use.many.Item.countDocuments()]],
    ])('clean twin: %s', async (_name, body) => {
      expect((await said(body)).text).toEqual([])
    })
  })

  describe('swept', () => {
    const Item = () => create().model('Item', b.use.many.Item.schema)
    const ways: Array<[string, string, () => { next(): Promise<unknown>; close(): Promise<unknown> }]> = [
      ['Model.find().cursor()', 'QueryCursor', () => Item().find().cursor()],
      [
        'Model.aggregate().cursor()',
        'AggregationCursor',
        () =>
          Item()
            .aggregate([{ $match: {} }])
            .cursor(),
      ],
    ]

    test.each(ways)(
      '%s: by its own test a warning, over two tests a failure, closed before it nothing',
      async (_name, operation, open) => {
        const same = await said(async () => {
          await open().next()
          for (const connection of made.splice(0)) await connection.close()
        })
        expect(same.text).toEqual(['warn cursor swept'])
        expect(same.leaks[0]).toMatchObject({ operation, cursorId: expect.stringMatching(/^-?[1-9]\d*$/) })

        const file = newFile()
        let cursor: ReturnType<typeof open> | undefined
        const first = await testOf(() => {
          cursor = open()
        }, 'the opener')
        const second = await testOf(() => cursor?.next(), 'another test')
        for (const connection of made.splice(0)) await connection.close()
        expect([first, second].flatMap(verdicts)).toEqual([])
        const end = await checkScope(file)
        expect(verdicts(end)).toEqual(['fail cursor swept'])
        expect(end.fail[0]?.test).toBe('the opener')

        const clean = await said(async () => {
          const cursor = open()
          await cursor.next()
          await cursor.close()
          for (const connection of made.splice(0)) await connection.close()
        })
        expect(clean.text).toEqual([])
      },
    )
  })

  describe('unkilled', () => {
    const { Item } = { Item: () => b.use.many.Item }
    const alive = major >= 8
    const twice = async (cursor: { next(): Promise<unknown>; close(): Promise<unknown> }) => {
      await cursor.next()
      await Promise.all([cursor.close(), cursor.close()])
      await sleep(20)
    }
    test.each<[string, boolean, () => Promise<unknown>]>([
      ['two close() at once of a QueryCursor', alive, () => twice(Item().find().cursor())],
      [
        'two close() at once of an AggregationCursor',
        alive,
        () =>
          twice(
            Item()
              .aggregate([{ $match: {} }])
              .cursor(),
          ),
      ],
      [
        'close() beside destroy()',
        alive,
        async () => {
          const cursor = Item().find().cursor()
          await cursor.next()
          const closing = cursor.close()
          cursor.destroy()
          await closing
          await sleep(20)
        },
      ],
      [
        'clean twin: close(), then close()',
        false,
        async () => {
          const cursor = Item().find().cursor()
          await cursor.next()
          await cursor.close()
          await cursor.close().catch(() => {})
        },
      ],
      [
        'clean twin: a change stream, closed',
        false,
        async () => {
          const stream = Item().watch()
          stream.on('change', () => {})
          await sleep(100)
          await stream.close()
        },
      ],
    ])('%s: told with confirm alone', async (_name, isAlive, body) => {
      configure({ confirm: true })
      expect((await said(body)).text).toEqual(isAlive ? ['warn cursor unkilled'] : [])
      configure({ confirm: false })
      expect((await said(body)).text).toEqual([])
    })
  })
}

describe.each(majors)('mongoose %i', (major, mongoose) => clientsOf(mongoose, major))
