import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Model, mongo } from 'mongoose'

export interface Item {
  no: number
  name: string
  friend?: unknown
}

/** What a construct may use; the collection holds few or many items. */
export interface Use {
  Item: Model<Item>
  connection: Connection
  /** The same collection, with a hook before `find` that takes a while. */
  Slow: Model<Item>
  /** The same collection on a connection that only starts to be opened. */
  connect(): { Item: Model<Item> }
  /** A bucket with one file of few or many chunks. */
  bucket: mongo.GridFSBucket
  file: mongo.ObjectId
  /** Files of one chunk and of none. */
  single: mongo.ObjectId
  empty: mongo.ObjectId
  major: number
}

/**
 * What it leaves behind: nothing; a leak (`open` on the server over many documents, `abandoned` over few); or the state
 * over few and over many documents, also one that is off by default.
 */
export type Leaves = 'nothing' | 'leak' | { few: State; many: State }
export type State = 'nothing' | 'idle' | 'unfinished' | 'open' | 'abandoned' | 'lost'

export interface Construct {
  name: string
  run(use: Use): Promise<unknown>
  leaves: Leaves | ((major: number) => Leaves)
}

const IDLE: Leaves = { few: 'idle', many: 'idle' }
/** Each of two reads that overlap sends a command of its own, and the driver keeps one cursor of these. */
const OVERLAPPED: Leaves = { few: 'abandoned', many: 'lost' }

const tick = (): Promise<void> => sleep(30)

async function firstOf(stream: Readable): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.once('data', () => {
      stream.pause()
      resolve()
    })
    stream.once('error', reject)
  })
  // Reads ahead of its user meanwhile.
  await tick()
}

class Enough extends Error {}
const swallow = (error: unknown): void => {
  if (!(error instanceof Enough)) throw error
}

const queries: Construct[] = [
  {
    name: 'for await (… of Model.find()) break',
    leaves: 'leak',
    async run({ Item }) {
      for await (const item of Item.find()) if (item) break
    },
  },
  {
    name: 'for await (… of Model.find().cursor()) break',
    leaves: 'leak',
    async run({ Item }) {
      for await (const item of Item.find().cursor()) if (item) break
    },
  },
  {
    name: 'for await (… of Model.find().lean()) throw',
    leaves: 'leak',
    async run({ Item }) {
      const reading = async () => {
        for await (const item of Item.find().lean()) if (item) throw new Enough()
      }
      await reading().catch(swallow)
    },
  },
  {
    name: 'for await (… of Model.find().lean()) to the end',
    leaves: 'nothing',
    async run({ Item }) {
      for await (const item of Item.find().lean()) if (!item) break
    },
  },
  {
    name: 'for await (… of Model.find()) to the end',
    leaves: 'nothing',
    async run({ Item }) {
      for await (const item of Item.find()) if (!item) break
    },
  },
  {
    name: 'for await break, then close() in finally',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      try {
        for await (const item of cursor) if (item) break
      } finally {
        await cursor.close()
      }
    },
  },
  {
    name: 'Model.find().cursor().next() once',
    leaves: 'leak',
    run: ({ Item }) => Item.find().cursor().next(),
  },
  {
    name: 'next() to the end',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      while (await cursor.next());
    },
  },
  {
    name: 'next(), then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await cursor.next()
      await cursor.close()
    },
  },
  {
    name: 'two next() at once, then close()',
    leaves: OVERLAPPED,
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await Promise.allSettled([cursor.next(), cursor.next()])
      await cursor.close()
    },
  },
  {
    name: 'two next() at once after the first was awaited, then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await cursor.next()
      await Promise.all([cursor.next(), cursor.next()])
      await cursor.close()
    },
  },
  {
    name: 'two next() at once of limit(2), then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().limit(2).cursor()
      await Promise.allSettled([cursor.next(), cursor.next()])
      await cursor.close()
    },
  },
  {
    name: 'find().cursor() never read',
    leaves: IDLE,
    async run({ Item }) {
      Item.find().cursor()
      await tick()
    },
  },
  {
    name: 'limit(2).cursor().next() once',
    leaves: 'nothing',
    run: ({ Item }) => Item.find().limit(2).cursor().next(),
  },
  {
    name: '{ _id: { $in } } cursor().next() once',
    leaves: 'nothing',
    async run({ Item }) {
      const [a, b] = await Item.find().limit(2)
      await Item.find({ _id: { $in: [a?._id, b?._id] } })
        .cursor()
        .next()
    },
  },
  {
    name: 'eachAsync() to the end',
    leaves: 'nothing',
    run: ({ Item }) =>
      Item.find()
        .cursor()
        .eachAsync(() => {}),
  },
  {
    name: 'eachAsync() whose callback throws',
    leaves: 'leak',
    async run({ Item }) {
      const work = Item.find()
        .cursor()
        .eachAsync(() => {
          throw new Enough()
        })
      await work.catch(swallow)
    },
  },
  {
    name: 'eachAsync() whose callback throws, then close() in finally',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      const failing = () => {
        throw new Enough()
      }
      try {
        await cursor.eachAsync(failing)
      } catch (error) {
        swallow(error)
      } finally {
        await cursor.close()
      }
    },
  },
  {
    name: 'eachAsync() whose promise rejects, in parallel',
    leaves: 'leak',
    async run({ Item }) {
      const work = Item.find()
        .cursor()
        .eachAsync(() => Promise.reject(new Enough()), { parallel: 2 })
      await work.catch(swallow)
    },
  },
  {
    name: 'eachAsync() in parallel, to the end',
    // The last of several calls at a time is not the one that saw the end: off by default.
    leaves: (major) => (major === 6 ? { few: 'unfinished', many: 'unfinished' } : 'nothing'),
    async run({ Item }) {
      await Item.find()
        .cursor()
        .eachAsync(async () => {}, { parallel: 2 })
    },
  },
  {
    name: 'paused after the first data',
    leaves: 'leak',
    run: ({ Item }) => firstOf(Item.find().cursor()),
  },
  {
    name: 'paused, then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await firstOf(cursor)
      await cursor.close()
    },
  },
  {
    name: 'paused, then destroy()',
    // From 8 on destroy() closes the driver's cursor.
    leaves: (major) => (major < 8 ? 'leak' : 'nothing'),
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await firstOf(cursor)
      cursor.destroy()
      await tick()
    },
  },
  {
    name: 'paused, then its asyncDispose',
    // Node's streams have one that destroys; mongoose 8 and 9 have one of their own.
    leaves: (major) => (major < 8 ? 'leak' : 'nothing'),
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await firstOf(cursor)
      await cursor[Symbol.asyncDispose]()
      await tick()
    },
  },
  {
    name: 'data to the end',
    leaves: 'nothing',
    run: ({ Item }) =>
      new Promise((resolve, reject) => Item.find().cursor().on('data', Boolean).on('end', resolve).on('error', reject)),
  },
  {
    name: 'pipeline() to the end',
    leaves: 'nothing',
    run: ({ Item }) =>
      pipeline(Item.find().cursor(), async (source) => {
        for await (const item of source) if (!item) break
      }),
  },
  {
    name: 'populate with batchSize, next() once',
    // Four in a batch are populated at once: over few documents mongoose holds what its user has not got.
    leaves: 'leak',
    run: ({ Item }) => Item.find().populate('friend').cursor({ batchSize: 4 }).next(),
  },
  {
    name: 'populate with batchSize, to the end',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().populate('friend').cursor({ batchSize: 4 })
      while (await cursor.next());
    },
  },
]

const more: Construct[] = [
  {
    name: 'a filter on a field, next() once, one item matches',
    leaves: { few: 'unfinished', many: 'unfinished' },
    run: ({ Item }) => Item.find({ no: 1 }).cursor().next(),
  },
  {
    name: 'pre-hook that takes its time, next() once',
    leaves: 'leak',
    run: ({ Slow }) => Slow.find().cursor().next(),
  },
  {
    name: 'pre-hook that takes its time, next(), then close()',
    leaves: 'nothing',
    async run({ Slow }) {
      const cursor = Slow.find().cursor()
      await cursor.next()
      await cursor.close()
    },
  },
  {
    name: 'find() on a connection that is not open yet, next() once',
    leaves: 'leak',
    async run({ connect }) {
      const { Item } = connect()
      await Item.find().cursor().next()
    },
  },
  {
    name: 'find() on a connection that is not open yet, to the end',
    leaves: 'nothing',
    async run({ connect }) {
      const { Item } = connect()
      const cursor = Item.find().cursor()
      while (await cursor.next());
    },
  },
  {
    name: 'the driver cursor of a mongoose cursor closed by hand',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.find().cursor()
      await cursor.next()
      await (cursor as unknown as { cursor: { close(): Promise<void> } }).cursor.close()
    },
  },
  {
    name: 'the native collection, next() once',
    leaves: 'leak',
    run: ({ Item }) => Item.collection.find({}).next(),
  },
  {
    name: 'the native collection, next(), then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.collection.find({})
      await cursor.next()
      await cursor.close()
    },
  },
  {
    name: 'find() in a session, break',
    leaves: 'leak',
    async run({ Item, connection }) {
      const session = await connection.startSession()
      for await (const item of Item.find().session(session)) if (item) break
    },
  },
  {
    name: 'find() in a session, to the end, endSession()',
    leaves: 'nothing',
    async run({ Item, connection }) {
      const session = await connection.startSession()
      for await (const item of Item.find().session(session)) if (!item) break
      await session.endSession()
    },
  },
]

const aggregates: Construct[] = [
  {
    name: 'for await (… of Model.aggregate()) break',
    leaves: 'leak',
    async run({ Item }) {
      for await (const item of Item.aggregate([{ $match: {} }])) if (item) break
    },
  },
  {
    name: 'for await (… of Model.aggregate().cursor()) break',
    leaves: 'leak',
    async run({ Item }) {
      for await (const item of Item.aggregate([{ $match: {} }]).cursor()) if (item) break
    },
  },
  {
    name: 'aggregate().cursor().next() once',
    leaves: 'leak',
    run: ({ Item }) =>
      Item.aggregate([{ $match: {} }])
        .cursor()
        .next(),
  },
  {
    name: 'aggregate().cursor().next(), then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.aggregate([{ $match: {} }]).cursor()
      await cursor.next()
      await cursor.close()
    },
  },
  {
    name: 'aggregate().cursor() paused, then destroy()',
    leaves: (major) => (major < 8 ? 'leak' : 'nothing'),
    async run({ Item }) {
      const cursor = Item.aggregate([{ $match: {} }]).cursor() as unknown as Readable
      await firstOf(cursor)
      cursor.destroy()
      await tick()
    },
  },
  {
    name: 'aggregate().cursor() paused, then close()',
    leaves: 'nothing',
    async run({ Item }) {
      const cursor = Item.aggregate([{ $match: {} }]).cursor()
      await firstOf(cursor as unknown as Readable)
      await cursor.close()
    },
  },
  {
    name: 'aggregate with $limit, next() once',
    leaves: 'nothing',
    run: ({ Item }) =>
      Item.aggregate([{ $limit: 2 }])
        .cursor()
        .next(),
  },
  {
    name: 'aggregate to the end',
    leaves: 'nothing',
    async run({ Item }) {
      for await (const item of Item.aggregate([{ $match: {} }])) if (!item) break
    },
  },
  {
    name: 'aggregate().cursor().eachAsync() that throws',
    leaves: 'leak',
    async run({ Item }) {
      const work = Item.aggregate([{ $match: {} }])
        .cursor()
        .eachAsync(() => {
          throw new Enough()
        })
      await work.catch(swallow)
    },
  },
]

const whole: Construct[] = (
  [
    ['find() awaited', ({ Item }) => Item.find()],
    ['find().exec()', ({ Item }) => Item.find({ name: /item/ }).exec()],
    ['find().populate()', ({ Item }) => Item.find().limit(3).populate('friend')],
    ['findOne()', ({ Item }) => Item.findOne()],
    ['findById()', async ({ Item }) => Item.findById((await Item.findOne())?._id)],
    ['exists()', ({ Item }) => Item.exists({ no: 1 })],
    ['countDocuments()', ({ Item }) => Item.countDocuments()],
    ['distinct()', ({ Item }) => Item.distinct('name')],
    ['aggregate() awaited', ({ Item }) => Item.aggregate([{ $match: {} }])],
    ['findOneAndUpdate()', ({ Item }) => Item.findOneAndUpdate({ no: 1 }, { name: 'new' })],
    ['listIndexes()', ({ Item }) => Item.listIndexes()],
  ] as Array<[string, Construct['run']]>
).map(([name, run]) => ({ name, run, leaves: 'nothing' }))

const changeStreams: Construct[] = [
  {
    name: 'Model.watch() never used',
    leaves: IDLE,
    async run({ Item }) {
      Item.watch()
      await tick()
    },
  },
  {
    name: "Model.watch().on('change') not closed",
    leaves: { few: 'open', many: 'open' },
    async run({ Item }) {
      Item.watch().on('change', () => {})
      await sleep(300)
    },
  },
  {
    name: "Model.watch().on('change'), then close()",
    leaves: 'nothing',
    async run({ Item }) {
      const stream = Item.watch().on('change', () => {}) as unknown as { close(): Promise<void> }
      await sleep(300)
      await stream.close()
      await tick()
    },
  },
  {
    name: "connection.watch().on('change') not closed",
    leaves: { few: 'open', many: 'open' },
    async run({ connection }) {
      connection.watch().on('change', () => {})
      await sleep(300)
    },
  },
  {
    name: "connection.watch().on('change'), then close()",
    leaves: 'nothing',
    async run({ connection }) {
      const stream = connection.watch().on('change', () => {}) as unknown as { close(): Promise<void> }
      await sleep(300)
      await stream.close()
      await tick()
    },
  },
]

const downloads: Construct[] = [
  {
    name: 'download stream never read',
    leaves: IDLE,
    async run({ bucket, file }) {
      bucket.openDownloadStream(file)
      await tick()
    },
  },
  {
    name: 'download stream paused after the first data',
    leaves: 'leak',
    run: ({ bucket, file }) => firstOf(bucket.openDownloadStream(file)),
  },
  {
    name: 'download stream paused, then destroy()',
    leaves: 'leak',
    async run({ bucket, file }) {
      const stream = bucket.openDownloadStream(file)
      await firstOf(stream)
      stream.destroy()
      await tick()
    },
  },
  {
    name: 'download stream paused, then abort()',
    leaves: 'nothing',
    async run({ bucket, file }) {
      const stream = bucket.openDownloadStream(file)
      await firstOf(stream)
      await stream.abort()
    },
  },
  {
    name: 'for await (… of download stream) break',
    leaves: 'leak',
    async run({ bucket, file }) {
      for await (const chunk of bucket.openDownloadStream(file)) if (chunk) break
      await tick()
    },
  },
  {
    name: 'download stream read to the end',
    leaves: 'nothing',
    async run({ bucket, file }) {
      for await (const chunk of bucket.openDownloadStream(file)) if (!chunk) break
    },
  },
  {
    name: 'download stream into pipeline()',
    leaves: 'nothing',
    run: ({ bucket, file }) =>
      pipeline(bucket.openDownloadStream(file), async (source) => {
        for await (const chunk of source) if (!chunk) break
      }),
  },
  {
    name: 'download stream of the first two chunks, paused',
    // Bounded: it can't outlive the first batch.
    leaves: 'nothing',
    run: ({ bucket, file }) => firstOf(bucket.openDownloadStream(file, { start: 0, end: 2 * CHUNK })),
  },
  {
    name: 'download stream of a file of one chunk, paused',
    // Everything was handed out.
    leaves: 'nothing',
    run: ({ bucket, single }) => firstOf(bucket.openDownloadStream(single)),
  },
  {
    name: 'download stream of an empty file',
    leaves: 'nothing',
    async run({ bucket, empty }) {
      for await (const chunk of bucket.openDownloadStream(empty)) if (!chunk) break
    },
  },
  {
    name: 'download stream of a file that is not there',
    // Drivers 4 and 5 tell the error without ending the stream, which never had a cursor.
    leaves: (major) => (major < 8 ? IDLE : 'nothing'),
    async run({ bucket, Item }) {
      const stream = bucket.openDownloadStream(new Item()._id)
      await new Promise((resolve) => stream.once('error', resolve).resume())
    },
  },
]

/** Large enough that a stream of bytes stops reading ahead after a chunk. */
export const CHUNK = 128 * 1024

/** The rows of the table, by part. */
export const groups: ReadonlyArray<{ title: string; constructs: readonly Construct[] }> = [
  { title: 'Queries', constructs: [...queries, ...more] },
  { title: 'Aggregations', constructs: aggregates },
  { title: 'Calls that read everything', constructs: whole },
  { title: 'Change streams', constructs: changeStreams },
  { title: 'GridFS downloads', constructs: downloads },
]
export const constructs: readonly Construct[] = groups.flatMap((group) => group.constructs)

export function expected({ leaves }: Pick<Construct, 'leaves'>, major: number, many: boolean): State {
  const all = typeof leaves === 'function' ? leaves(major) : leaves
  if (all === 'nothing') return 'nothing'
  if (all === 'leak') return many ? 'open' : 'abandoned'
  return many ? all.many : all.few
}
