import type * as driver7 from 'mongodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { drivers } from '../server/drivers.ts'
import { closing, judged, newFile, testOf, verdicts } from './judged.ts'
import { ownServer, wholeMessage } from './own-server.ts'

const CHUNK = 1_024

interface Reader {
  /** Reads the first, and stops. */
  read(): Promise<unknown>
  /** Ends it as its user should. */
  end(): Promise<unknown>
}

interface Way {
  name: string
  leaf: 'cursor' | 'changeStream'
  message: string
  make(client: driver7.MongoClient): Reader
}

const of = (cursor: driver7.FindCursor | driver7.AggregationCursor): Reader => ({
  read: () => cursor.next(),
  end: () => cursor.close(),
})

function pausing(stream: NodeJS.ReadableStream & { destroy(): unknown }, end: () => unknown): Reader {
  return {
    read: () => new Promise((resolve) => stream.once('data', () => resolve(stream.pause()))),
    end: async () => {
      // A turn later: ended in its first `data`, drivers 6 and 7 leave it alive.
      await new Promise((resolve) => setTimeout(resolve, 10))
      await end()
    },
  }
}

function sweptSuite(major: string, driver: typeof driver7): void {
  describe(`swept by client.close(): driver ${major}`, () => {
    const server = ownServer(driver)
    let file: driver7.ObjectId
    beforeAll(async () => {
      const upload = new driver.GridFSBucket(server.client.db('states'), { chunkSizeBytes: CHUNK }).openUploadStream(
        'f',
      )
      await new Promise((resolve, reject) =>
        upload.on('error', reject).end(Buffer.alloc(150 * CHUNK), () => resolve(undefined)),
      )
      file = upload.id
    })

    const items = (client: driver7.MongoClient) => client.db('states').collection('many')
    const ways: Way[] = [
      { name: 'find', leaf: 'cursor', message: 'FindCursor on states.many', make: (c) => of(items(c).find({})) },
      {
        name: 'aggregate',
        leaf: 'cursor',
        message: 'AggregationCursor on states.many',
        make: (c) => of(items(c).aggregate([])),
      },
      {
        name: 'a stream',
        leaf: 'cursor',
        message: 'FindCursor on states.many',
        make: (c) => {
          const cursor = items(c).find({})
          const stream = cursor.stream()
          stream.on('error', () => {})
          return pausing(stream, () => stream.destroy())
        },
      },
      {
        name: 'watch',
        leaf: 'changeStream',
        message: 'ChangeStream on states.many',
        make: (c) => {
          const stream = items(c).watch([], { maxAwaitTimeMS: 20 })
          return { read: () => stream.tryNext(), end: () => stream.close() }
        },
      },
      {
        name: 'a GridFS download',
        leaf: 'cursor',
        message: 'GridFSBucketReadStream on states.fs.chunks',
        make: (c) => {
          const stream = new driver.GridFSBucket(c.db('states')).openDownloadStream(file)
          stream.on('error', () => {})
          return pausing(stream, () => stream.abort())
        },
      },
    ]
    const by = ways.map((way) => [way.name, way] as const)

    test.each(by)('%s: closed with its client by the test that opened it: a warning', async (_name, way) => {
      const { test, file } = await judged(async () => {
        const own = await server.connect()
        await way.make(own).read()
        await own.close()
      })
      expect(verdicts(test)).toEqual([`warn ${way.leaf} swept`])
      expect(verdicts(file)).toEqual([])
      // What no field tells any more: under which id the server held it.
      expect(test.warn[0]?.cursorId).toMatch(/^-?[1-9]\d*$/)
      expect(wholeMessage(test.warn[0]).split('\n')[0]).toBe(
        `${way.message} was never closed: open until its client closed`,
      )
      expect(test.warn[0]?.createdAt?.file).toMatch(/swept\.matrix\.ts$/)
    })

    test.each(by)('%s: its client outlived the test that opened it: a failure', async (_name, way) => {
      const whole = newFile()
      const own = await server.connect()
      let reader: Reader | undefined
      const first = await testOf(() => {
        reader = way.make(own)
      }, 'the opener')
      const second = await testOf(() => reader?.read(), 'another test')
      await own.close()
      const end = await checkScope(whole)
      expect([first, second].flatMap(verdicts)).toEqual([])
      expect(verdicts(end)).toEqual([`fail ${way.leaf} swept`])
      expect(end.fail[0]).toMatchObject({ test: 'the opener', cursorId: expect.stringMatching(/^-?[1-9]\d*$/) })
    })

    test.each(by)('%s: ended before its client: nothing, in one test and over two', async (_name, way) => {
      const { test, file } = await judged(async () => {
        const own = await server.connect()
        const reader = way.make(own)
        await reader.read()
        await reader.end()
        await own.close()
      })
      const whole = newFile()
      const own = await server.connect()
      let reader: Reader | undefined
      const first = await testOf(() => {
        reader = way.make(own)
      })
      const second = await testOf(async () => {
        await reader?.read()
        await reader?.end()
      })
      await own.close()
      expect([test, file, first, second, await checkScope(whole)].flatMap(verdicts)).toEqual([])
    })

    test.each<[string, (client: driver7.MongoClient) => Promise<unknown>]>([
      ['find, drained', (c) => items(c).find({}).toArray()],
      ['aggregate, drained', (c) => items(c).aggregate([]).toArray()],
      [
        'a GridFS download, drained',
        async (c) => {
          for await (const _ of new driver.GridFSBucket(c.db('states')).openDownloadStream(file));
        },
      ],
      ['find, bounded by a limit', (c) => items(c).find({}).limit(1).hasNext()],
      ['find, bounded by its _id', (c) => items(c).find({ _id: file }).hasNext()],
      [
        'aggregate, bounded by a stage',
        (c) =>
          items(c)
            .aggregate([{ $limit: 3 }])
            .next(),
      ],
      ['built and never used', async (c) => [items(c).find({}), items(c).aggregate([]), items(c).watch()]],
    ])('clean twin: %s', async (_name, read) => {
      const { test, file } = await judged(async () => {
        const own = await server.connect()
        await read(own)
        await own.close()
      })
      expect([...verdicts(test), ...verdicts(file)]).toEqual([])
    })

    test('the whole message', async () => {
      const { test } = await judged(async () => {
        const own = await server.connect()
        await items(own).find({}).next()
        await own.close()
      })
      expect(wholeMessage(test.warn[0])).toBe(`FindCursor on states.many was never closed: open until its client closed
  created at swept.matrix.ts:<line>
  note: only a warning, since the code under test closed its client itself; \`levels: { swept: 'fail' }\` makes it fail
  to fix it: ${closing(major)}
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#swept`)
    })
  })
}

for (const [major, driver] of drivers) sweptSuite(major, driver)
