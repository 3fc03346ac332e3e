import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { beforeEach, describe, expect, test } from 'vitest'
import { checkScope, type Findings } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import { keep } from '../../src/trace/hand-over.ts'
import { type By, contextOf } from '../../src/trace/scope.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, newFile, testOf, verdicts } from './judged.ts'
import { MANY, type OwnServer, ownServer } from './own-server.ts'

const CHUNK = 1_024
/** Long enough that a check which waits for it runs into the test's own time limit. */
const FOR_EVER = 600_000

type Collection = driver7.Collection
type Client = driver7.MongoClient

/** Whose cursor it is, and for how long, on one major of the driver: each clean case next to its leaking twin. */
function lifetimesSuite(major: string, driver: typeof driver7): void {
  describe(`what lives longer than a test: driver ${major}`, () => {
    const server = ownServer(driver)
    beforeEach(async () => {
      const few = server.client.db('states').collection('few')
      await few.deleteMany({})
      await few.insertMany([0, 1, 2].map((a) => ({ a, b: a })))
    })
    acquittals(server)
    sweeps(server)
    readers(server, driver)
    reports(server)
    handingOver(server)
  })
}

/** Runs something as what of the running test it is. */
const as = <T>(by: By, work: () => T): T => {
  const scope = [...state().running].at(-1)
  return state().als.run(scope && contextOf(scope, by), work)
}
const outside = <T>(work: () => T): T => state().als.run(undefined, work)
const endFile = (): Promise<Findings> => checkScope(state().file)
const both = ({ test, file }: { test: Findings; file: Findings }) => [verdicts(test), verdicts(file)]

/** A clean look-up stays clean when its client closes, and waits for nothing. */
function acquittals(server: OwnServer): void {
  describe('a look-up by a unique key', () => {
    const unique = async (client: Client): Promise<Collection> => {
      const one = client.db('states').collection('few')
      await one.createIndex({ a: 1 }, { unique: true })
      await one.createIndex({ a: 1, b: 1 }, { unique: true })
      return one
    }
    test.each<[string, (one: Collection) => Promise<unknown>]>([
      ['find().hasNext()', (one) => one.find({ a: 1 }).hasNext()],
      ['$in and next()', (one) => one.find({ a: { $in: [0, 1, 2] } }).next()],
      ['aggregate().hasNext()', (one) => one.aggregate([{ $match: { a: 1 } }]).hasNext()],
      ['a whole compound key', (one) => one.find({ a: 1, b: 1 }).hasNext()],
    ])('%s is green when afterAll closes the client, and waits for no close', async (_name, work) => {
      const client = await server.connect()
      const one = await unique(client)
      configure({ settleMs: FOR_EVER })
      newFile()
      const found = await testOf(() => work(one))
      await outside(() => client.close())
      expect([verdicts(found), verdicts(await endFile())]).toEqual([[], []])
    })

    test('with a client per test, which its afterEach closes', async () => {
      configure({ settleMs: FOR_EVER })
      const found = await judged(async () => {
        const client = await as('hook', () => server.connect())
        const one = await as('hook', () => unique(client))
        await one.find({ a: 1 }).hasNext()
        await as('hook', () => client.close())
      })
      expect(both(found)).toEqual([[], []])
    })

    test('of an index that another process made, its client closed: only a warning, which says why, and no wait', async () => {
      configure({ settleMs: FOR_EVER })
      const { test: found, file } = await judged(async () => {
        const client = await as('hook', () => server.connect())
        const elsewhere = client.db('states').collection('elsewhere')
        await as('hook', async () => {
          await elsewhere.createIndex({ a: 1 }, { unique: true })
          await elsewhere.updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true })
        })
        state().indexes.clear()
        await elsewhere.find({ a: 1 }).hasNext()
        await as('hook', () => client.close())
      })
      expect([verdicts(found), verdicts(file)]).toEqual([['warn cursor abandoned'], []])
      expect(found.warn[0]?.notes).toEqual([
        'only a warning, since the indexes of states.elsewhere could not be asked: no leak if a unique index covers a',
      ])
    })

    test('its twin by a key of no index still fails', async () => {
      configure({ settleMs: 0 })
      const found = await judged(() => server.client.db('states').collection('few').find({ c: null }).next())
      expect(both(found)).toEqual([['fail cursor abandoned'], []])
    })

    test('one that is used again is judged again', async () => {
      await unique(server.client)
      newFile()
      let cursor: driver7.FindCursor | undefined
      await testOf(async () => {
        cursor = server.client.db('states').collection('few').find({ a: 1 })
        await cursor.hasNext()
      })
      expect(state().file.records.size).toBe(0)
      await testOf(() => cursor?.hasNext())
      const records = [...state().file.records].filter(({ target }) => target === cursor)
      expect(records).toHaveLength(cursor?.bufferedCount() === 0 ? 0 : 1)
      await cursor?.close()
    })
  })
}

/** A leak that a close of the client takes away: who opened it and who closed the client decide. */
function sweeps(server: OwnServer): void {
  describe.each([
    ['open', MANY, (client: Client) => client.db('states').collection('many').find({}).next(), 'swept'],
    [
      'done on the server, unread',
      3,
      (client: Client) => client.db('states').collection('few').find({}).next(),
      'abandoned',
    ],
  ] as const)('%s when its client closes', (_name, _size, read, is) => {
    const opened = (opener: By, closer: By) =>
      judged(async () => {
        configure({ settleMs: 0 })
        const client = await as('hook', () => server.connect())
        await as(opener, () => read(client))
        await as(closer, () => client.close())
      })
    test.each([
      ['body', 'hook', 'fail'],
      ['handler', 'hook', 'fail'],
      ['body', 'fixture', 'fail'],
      ['hook', 'hook', 'warn'],
      ['body', 'body', 'warn'],
      ['handler', 'handler', 'warn'],
    ] as const)('opened by a %s, closed by a %s: %s', async (opener, closer, level) => {
      expect(both(await opened(opener, closer))).toEqual([[`${level} cursor ${is}`], []])
    })

    test('closed by its owner behind that: the message says in which order', async () => {
      const closing = (closeFirst: boolean) =>
        judged(async () => {
          configure({ settleMs: 0 })
          const client = await as('hook', () => server.connect())
          const cursor = client.db('states').collection('many').find({})
          await cursor.next()
          if (closeFirst) await cursor.close()
          await as('hook', () => client.close())
          await cursor.close()
        })
      const { test: found } = await closing(false)
      expect(verdicts(found)).toEqual(['fail cursor swept'])
      expect(found.fail[0]?.notes).toEqual(['its client was closed before it was: close the cursor first'])
      expect(both(await closing(true))).toEqual([[], []])
    })

    test('closed by nobody but its client: no word of an order', async () => {
      const { test: found } = await opened('body', 'hook')
      expect(found.fail[0]?.notes).toEqual([])
    })

    test('closed before by its owner: nothing', async () => {
      const found = await judged(async () => {
        const client = await server.connect()
        const cursor = client.db('states').collection('many').find({})
        await cursor.next()
        await cursor.close()
        await as('hook', () => client.close())
      })
      expect(both(found)).toEqual([[], []])
    })
  })
}

/** Who reads, and whether anybody does. */
function readers(server: OwnServer, driver: typeof driver7): void {
  describe('work that nobody awaited', () => {
    test('a loop that goes on after its test: one warning, and no word of its client’s close', async () => {
      const client = await server.connect()
      newFile()
      let done: Promise<number> | undefined
      const found = await testOf(() => {
        const rows = client.db('states').collection('many').find({}, { batchSize: 5 })
        done = (async () => {
          let count = 0
          for await (const row of rows) if (row) count++
          return count
        })().catch(() => -1)
      })
      expect(verdicts(found)).toEqual(['warn cursor busy'])
      await outside(() => client.close())
      expect(verdicts(await endFile())).toEqual([])
      await done
    })

    test('toArray() in flight when its client closes is busy, not swept', async () => {
      configure({ settleMs: 0 })
      let work: Promise<unknown> | undefined
      const found = await judged(async () => {
        const client = await as('hook', () => server.connect())
        work = client
          .db('states')
          .collection('many')
          .find({}, { batchSize: 5 })
          .toArray()
          .catch(() => undefined)
        await as('hook', () => client.close())
      })
      const all = both(found).flat()
      // Driver 4.0 can't be asked any more; what is told is never louder than the work in flight.
      expect(all.filter((one) => one !== 'warn cursor busy')).toEqual([])
      await work
    })

    test('a next() that has come to rest is judged as what it left', async () => {
      newFile()
      let reading: Promise<unknown> | undefined
      configure({ settleMs: 0 })
      const found = await testOf(() => {
        reading = server.many.find({}).next()
      })
      expect(verdicts(found)).toEqual(['warn cursor busy'])
      await reading
      expect(verdicts(await endFile())).toEqual(['fail cursor open'])
    })
  })

  describe('a stream', () => {
    const ways: Array<[string, (items: Collection) => Promise<unknown>, (items: Collection) => Promise<unknown>]> = [
      [
        'paused in the turn of its first data',
        (items) => firstData(items.find({}).stream(), (stream) => void stream.pause()),
        (items) =>
          firstData(items.find({}).stream(), (stream) => {
            stream.pause()
            setTimeout(() => stream.destroy(), 5)
          }),
      ],
      [
        'whose destination is gone',
        async (items) => {
          const { PassThrough } = await import('node:stream')
          const pass = new PassThrough({ objectMode: true })
          items.find({}).stream().pipe(pass)
          pass.once('data', () => pass.destroy())
          await once(pass, 'close')
        },
        async (items) => {
          const { PassThrough } = await import('node:stream')
          const { pipeline } = await import('node:stream/promises')
          const pass = new PassThrough({ objectMode: true })
          pass.once('data', () => pass.destroy())
          await pipeline(items.find({}).stream(), pass).catch(() => {})
          await sleep(20)
        },
      ],
    ]
    test.each(ways)('%s is a leak of its test', async (_name, leaking, clean) => {
      const { test: found } = await judged(() => leaking(server.many))
      expect(verdicts(found)).toEqual(['fail cursor open'])
      expect((await judged(() => clean(server.many))).test).toMatchObject({ fail: [], warn: [] })
    })

    test('a download that is paused at its first chunk', async () => {
      const bucket = new driver.GridFSBucket(server.client.db('states'), { chunkSizeBytes: CHUNK })
      const upload = bucket.openUploadStream('f')
      await new Promise((resolve, reject) =>
        upload.on('error', reject).end(Buffer.alloc(150 * CHUNK), () => resolve(undefined)),
      )
      const { test: found } = await judged(() =>
        firstData(bucket.openDownloadStream(upload.id), (stream) => void stream.pause()),
      )
      expect(verdicts(found)).toEqual(['fail cursor open'])
    })

    test('one that flows on to its end is no leak', async () => {
      configure({ settleMs: 2_000 })
      const found = await judged(() => firstData(server.many.find({}).stream(), () => {}))
      expect(
        both(found)
          .flat()
          .filter((one) => one !== 'warn cursor busy'),
      ).toEqual([])
    })
  })
}

type Pausable = NodeJS.ReadableStream & { destroy(): unknown }
const firstData = (stream: Pausable, then: (stream: Pausable) => void): Promise<void> =>
  new Promise((resolve) => {
    stream.on('error', () => {})
    stream.once('data', () => {
      then(stream)
      resolve()
    })
  })

/** What a test failed for stays as its owner left it until the file is over. */
function reports(server: OwnServer): void {
  describe('after its report', () => {
    test('it stays open until the file is over, then it is closed', async () => {
      configure({ settleMs: 0 })
      const before = await server.open()
      newFile()
      let cursor: driver7.FindCursor | undefined
      const found = await testOf(async () => {
        cursor = server.many.find({}, { batchSize: 2 })
        await cursor.next()
      })
      expect(verdicts(found)).toEqual(['fail cursor open'])
      // Another test of the file reads on, as it would without us, and is told nothing of it.
      expect(verdicts(await testOf(() => cursor?.next()))).toEqual([])
      expect(await server.open()).toBe(before + 1)
      expect(verdicts(await endFile())).toEqual([])
      expect(await server.open()).toBe(before)
    })

    test('with closeLeaked: false it is never closed', async () => {
      configure({ settleMs: 0, closeLeaked: false })
      const before = await server.open()
      newFile()
      let cursor: driver7.FindCursor | undefined
      await testOf(async () => {
        cursor = server.many.find({})
        await cursor.next()
      })
      await endFile()
      expect(await server.open()).toBe(before + 1)
      await cursor?.close()
      configure({ closeLeaked: true })
    })

    test('its owner’s later close is told once, as a correction; its client’s close is no word of its owner’s', async () => {
      configure({ settleMs: 0 })
      newFile()
      let shared: driver7.FindCursor | undefined
      const client = await server.connect()
      await testOf(async () => {
        shared = server.many.find({})
        await shared.next()
        await client.db('states').collection('many').find({}).next()
      }, 'starts')
      await outside(() => shared?.close())
      await outside(() => client.close())
      const { corrections } = await endFile()
      expect(corrections).toHaveLength(1)
      expect(corrections?.[0]).toMatch(
        /^the cursor created at test\/kinds\/lifetimes\.both\.ts:\d+, which failed "starts", was closed at test\/kinds\/lifetimes\.both\.ts:\d+ afterwards: if it is meant to outlive its test, open it in a `beforeAll`, or hand it to the file with `keep\(\)`$/,
      )
    })

    test('a loop that only its client’s close has ended was closed by nobody', async () => {
      configure({ settleMs: 0 })
      newFile()
      const client = await server.connect()
      const read = async (): Promise<void> => {
        for await (const _ of client.db('states').collection('many').watch());
      }
      let reading: Promise<void> | undefined
      const { fail } = await testOf(async () => {
        reading = read().catch(() => {})
        await sleep(200)
      }, 'starts')
      expect(fail).toHaveLength(1)
      await outside(() => client.close())
      await reading
      expect((await endFile()).corrections).toEqual([])
    })

    test('its owner’s close behind its client’s is told, too', async () => {
      configure({ settleMs: 0 })
      newFile()
      const client = await server.connect()
      let shared: driver7.FindCursor | undefined
      await testOf(async () => {
        shared = client.db('states').collection('many').find({})
        await shared.next()
      }, 'starts')
      await outside(() => client.close())
      await outside(() => shared?.close())
      const { corrections } = await endFile()
      expect(corrections).toEqual([expect.stringContaining('which failed "starts", was closed at test/kinds/')])
    })

    test('what failed a file and is closed by the next one, which has its modules', async () => {
      configure({ settleMs: 0 })
      const first = { ...newFile(), shared: true }
      state().file = first
      const [closed, left] = [server.many.find({}), server.many.find({}, { batchSize: 2 })]
      await outside(() => Promise.all([closed.next(), left.next()]))
      const { fail } = await checkScope(first)
      expect(fail.map(({ notes }) => notes)).toEqual([
        ['if it is meant to live on after this file: hand it over with `keep()`'],
        ['if it is meant to live on after this file: hand it over with `keep()`'],
      ])
      state().worker.files.add(first)
      newFile()
      await outside(() => closed.close())
      const { corrections } = await endFile()
      expect(corrections).toEqual([
        expect.stringMatching(
          /^the cursor created at .*, which failed "a\.test\.ts", was closed at .* afterwards: if it is meant to outlive its file, hand it over with `keep\(\)`$/,
        ),
      ])
      state().worker.files.clear()
      await left.close()
    })

    test('ids that no owner can use any more are killed at once', async () => {
      configure({ settleMs: 0 })
      const before = await server.open()
      newFile()
      let cursor: driver7.FindCursor | undefined
      const found = await testOf(async () => {
        cursor = server.many.find({})
        await cursor.next()
        cursor.rewind()
      })
      expect(verdicts(found)).toEqual(['fail cursor lost'])
      expect(await server.open()).toBe(before)
      await endFile()
    })

    test('a test that failed by itself: told, as a warning where that is asked for', async () => {
      configure({ settleMs: 0, levels: { afterFailure: 'warn' } })
      newFile()
      const opened: driver7.FindCursor[] = []
      const fails = async (failed: boolean) => {
        const scope = { ...newTest(), failed }
        await state().als.run(contextOf(scope, 'body'), async () => {
          const cursor = server.many.find({})
          opened.push(cursor)
          await cursor.next()
        })
        scope.done = true
        return verdicts(await checkScope(scope))
      }
      expect(await fails(true)).toEqual(['warn cursor open'])
      expect(await fails(false)).toEqual(['fail cursor open'])
      configure({ levels: { afterFailure: 'fail' } })
      expect(await fails(true)).toEqual(['fail cursor open'])
      await Promise.all(opened.map((cursor) => cursor.close()))
    })
  })
}

const newTest = () => ({
  ...{ kind: 'test' as const, name: 'a test', records: new Set<never>(), done: false, allowed: false },
  file: state().file,
})

/** Who may share it: what a hook or a handler opens and waits by its nature, and what is handed over. */
function handingOver(server: OwnServer): void {
  describe('a change stream', () => {
    const opened: driver7.ChangeStream[] = []
    const watch = async (): Promise<driver7.ChangeStream> => {
      const changes = server.many.watch([], { maxAwaitTimeMS: 20 })
      opened.push(changes)
      await changes.tryNext()
      return changes
    }
    const file = async (): Promise<string[]> => {
      const found = verdicts(await endFile())
      await Promise.all(opened.splice(0).map((changes) => changes.close()))
      return found
    }
    beforeEach(() => void configure({ settleMs: 0 }))

    test.each(['hook', 'handler'] as const)('opened once by a %s: its file tells, with the test’s name', async (by) => {
      newFile()
      expect(verdicts(await testOf(() => as(by, watch), 'first'))).toEqual([])
      const { fail } = await endFile()
      expect(verdicts({ fail, warn: [] })).toEqual(['fail changeStream open'])
      expect(fail[0]?.notes).toEqual([
        `opened by a ${by === 'hook' ? 'hook' : 'request'} of the test "first"; it may be meant for others, too`,
      ])
      await file()
    })

    test('opened once by a hook and closed by an afterAll: nothing', async () => {
      newFile()
      let changes: driver7.ChangeStream | undefined
      const first = await testOf(async () => {
        changes = await as('hook', watch)
      })
      const second = await testOf(() => {})
      await outside(() => changes?.close())
      expect([first, second, await endFile()].map(verdicts)).toEqual([[], [], []])
    })

    test('opened anew by a hook for each test: told with its test from the second on', async () => {
      newFile()
      const open = () => as('hook', watch)
      const found: Findings[] = []
      for (const name of ['first', 'second', 'third']) found.push(await testOf(open, name))
      expect(found.map(verdicts)).toEqual([[], ['fail changeStream open'], ['fail changeStream open']])
      expect(await file()).toEqual(['fail changeStream open'])
    })

    test('several from one line, opened once as by the start of an app: its file tells', async () => {
      newFile()
      const start = async () => {
        for (let n = 0; n < 3; n++) await as('hook', watch)
      }
      const found = [await testOf(start, 'first'), await testOf(() => {}, 'second')]
      expect(found.map(verdicts)).toEqual([[], []])
      expect((await endFile()).fail.map(({ count }) => count)).toEqual([3])
      await file()

      newFile()
      expect(verdicts(await testOf(start, 'first'))).toEqual([])
      await outside(() => Promise.all(opened.splice(0).map((changes) => changes.close())))
      expect(await file()).toEqual([])
    })

    test('several from one line, opened anew for each test: told with the second', async () => {
      newFile()
      const start = async () => {
        for (let n = 0; n < 2; n++) await as('hook', watch)
      }
      const found: Findings[] = []
      for (const name of ['first', 'second']) found.push(await testOf(start, name))
      expect(found.map(verdicts)).toEqual([[], ['fail changeStream open ×2']])
      expect(await file()).toEqual(['fail changeStream open ×2'])
    })

    test('kept by a key, another one for each test: nothing', async () => {
      newFile()
      const open = (key: number) =>
        as('hook', async () => {
          const changes = server.many.watch([{ $match: { 'fullDocument.n': key } }], { maxAwaitTimeMS: 20 })
          opened.push(changes)
          await changes.tryNext()
        })
      const found: Findings[] = []
      for (const key of [0, 1, 2]) found.push(await testOf(() => open(key)))
      await outside(() => Promise.all(opened.splice(0).map((changes) => changes.close())))
      expect([...found, await endFile()].map(verdicts)).toEqual([[], [], [], []])

      // Its leaking twin: the second test gets one by the key of the first.
      newFile()
      const twice: Findings[] = []
      for (const key of [0, 1, 0]) twice.push(await testOf(() => open(key)))
      expect(twice.map(verdicts)).toEqual([[], [], ['fail changeStream open']])
      await file()
    })

    test('tailable cursors kept by what they select: nothing', async () => {
      await server.client
        .db('states')
        .dropCollection('capped')
        .catch(() => {})
      const log = await server.client.db('states').createCollection('capped', { capped: true, size: 4_096 })
      await log.insertMany([{ n: 0 }, { n: 1 }])
      newFile()
      const tails: driver7.FindCursor[] = []
      const open = (n: number) =>
        as('hook', async () => {
          const tail = log.find({ n }, { tailable: true })
          tails.push(tail)
          await tail.next()
        })
      const found: Findings[] = []
      for (const n of [0, 1, 0]) found.push(await testOf(() => open(n)))
      expect(found.map(verdicts)).toEqual([[], [], ['fail cursor open']])
      await outside(() => Promise.all(tails.map((tail) => tail.close())))
      expect(await file()).toEqual([])
    })

    const listening = (): driver7.ChangeStream => {
      const changes = server.many.watch([], { maxAwaitTimeMS: 20 })
      opened.push(changes)
      return changes.on('change', () => {}).on('error', () => {})
    }

    test('whose first reply is under way: judged with its own test', async () => {
      configure({ settleMs: 300 })
      for (const begin of [
        listening,
        () => {
          const changes = server.many.watch([], { maxAwaitTimeMS: 20 })
          opened.push(changes)
          changes.tryNext().catch(() => {})
        },
      ]) {
        newFile()
        expect(verdicts(await testOf(() => void begin()))).toEqual(['fail changeStream open'])
        expect(await file()).toEqual([])
      }
    })

    test('the same, closed before its test is over: nothing', async () => {
      configure({ settleMs: 2_000 })
      newFile()
      const found = await testOf(async () => {
        const changes = listening()
        while (!changes.resumeToken && (await server.open()) === 0) await sleep(1)
        await changes.close()
      })
      expect([verdicts(found), await file()]).toEqual([[], []])
    })

    test('the same, without the time to wait: its file tells once, with the name of the test', async () => {
      newFile()
      expect(verdicts(await testOf(() => void listening(), 'subscribes'))).toEqual([])
      while ([...state().file.records].some((record) => record.resource.judge(record)?.state === 'idle')) await sleep(1)
      const { fail } = await endFile()
      expect(verdicts({ fail, warn: [] })).toEqual(['fail changeStream open'])
      expect(fail[0]?.notes).toEqual(['opened by the test "subscribes", which was over before its first reply came'])
      expect(await file()).toEqual([])
    })

    test('the same of a hook: nothing is waited for, and its file tells', async () => {
      configure({ settleMs: FOR_EVER })
      newFile()
      const found = [await testOf(() => as('hook', () => void listening()), 'first'), await testOf(() => {}, 'second')]
      expect(found.map(verdicts)).toEqual([[], []])
      await outside(() => Promise.all(opened.splice(0).map((changes) => changes.close())))
      configure({ settleMs: 0 })
      expect(verdicts(await endFile()).filter((one) => !one.endsWith('unkilled'))).toEqual([])
    })

    test('built and never used costs no wait for a reply', async () => {
      configure({ settleMs: FOR_EVER })
      newFile()
      const found = await testOf(() => void opened.push(server.many.watch()))
      expect(verdicts(found)).toEqual([])
      expect(await file()).toEqual([])
    })

    test('opened once each by two hooks, through one helper: nothing', async () => {
      newFile()
      const outer = () => as('hook', watch)
      const inner = () => as('hook', watch)
      const found: Findings[] = []
      for (const hook of [outer, inner]) found.push(await testOf(hook))
      await outside(() => Promise.all(opened.splice(0).map((changes) => changes.close())))
      expect(found.map(verdicts)).toEqual([[], []])
      expect(await file()).toEqual([])
    })

    test('opened by the body: fails that very test, and names keep()', async () => {
      newFile()
      const { fail } = await testOf(watch)
      expect(verdicts({ fail, warn: [] })).toEqual(['fail changeStream open'])
      expect(fail[0]?.notes).toEqual([
        'if it is meant to live on after this test: open it in a `beforeAll`, or hand it to the file with `keep()`',
      ])
      await file()
    })

    test('handed over by keep(): its file judges it', async () => {
      newFile()
      let changes: driver7.ChangeStream | undefined
      const first = await testOf(async () => {
        changes = keep(await watch())
      }, 'first')
      expect(verdicts(first)).toEqual([])
      expect((await endFile()).fail[0]?.notes).toEqual(['handed to the file by keep() in the test "first"'])
      await file()

      newFile()
      await testOf(async () => {
        changes = keep(await watch())
      })
      await outside(() => changes?.close())
      expect(await file()).toEqual([])
    })

    test('keep() takes nothing that it can’t hand over, and nothing off when nothing is traced', async () => {
      for (const wrong of [server.many, {}, null, 'x']) {
        expect(() => keep(wrong as object)).toThrow(/^cursorleak: keep\(\) was given /)
      }
      const cursor = server.many.find({})
      expect(keep(cursor)).toBe(cursor)
    })
  })
}

for (const [major, driver] of driversOfPhase) lifetimesSuite(major, driver)
