import type { Readable } from 'node:stream'
import type { ChangeStream } from 'mongodb'
import { both, CLEAN, type Construct, type Context } from '../construct.ts'
import { quiet } from './iterating.ts'

const log = ({ db }: Context) => db.collection<{ n: number }>('log')
const TAIL = { tailable: true, awaitData: true, maxAwaitTimeMS: 20 } as const
const WATCH = { maxAwaitTimeMS: 20 } as const
/** Driver 5 tells an event that comes beside the close as an error "ChangeStream is closed". */
const listened = (changes: ChangeStream): ChangeStream =>
  changes.on('error', (error: Error) => {
    if (error.message !== 'ChangeStream is closed') throw error
  })

const CURSOR_NOT_FOUND = 43

const iterable = ({ orders }: Context) => Symbol.asyncIterator in orders.watch()

/** Writes until the stream has seen a change: it may not be open on the server yet. */
async function changing<T>({ db, size }: Context, wait: Promise<T>): Promise<T> {
  const target = db.collection<{ _id: number }>('changes')
  const change = () => void target.updateOne({ _id: size }, { $inc: { n: 1 } }, { upsert: true })
  const timer = setInterval(change, 10)
  try {
    return await wait
  } finally {
    clearInterval(timer)
    // The last write has to be over before cursors are counted and the next run begins.
    await target.findOne()
  }
}

/** Driver 6 hands on what the server says to a read that was ahead when its cursor was killed: no other error is expected. */
function streamOf(changes: ChangeStream): Readable {
  const stream = changes.stream()
  return stream.on('error', (error: Error & { code?: number }) => {
    if (error.code !== CURSOR_NOT_FOUND) throw error
  })
}

/** What waits on the server by its nature: never read to its end, open from its first command to `close()`. */
export const waiting: Construct[] = [
  {
    id: 'tailable',
    title: '`find({}, { tailable: true }).next()` once',
    expected: both('open'),
    run: async (context) => void (await log(context).find({}, { tailable: true }).next()),
  },
  {
    id: 'tailable-close',
    title: '`find({}, { tailable: true }).next()`, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const cursor = log(context).find({}, { tailable: true })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'await-data',
    title: '`find({}, { tailable: true, awaitData: true }).tryNext()` once',
    expected: both('open'),
    run: async (context) => void (await log(context).find({}, TAIL).tryNext()),
  },
  {
    id: 'await-data-close',
    title: '`find({}, { tailable: true, awaitData: true }).tryNext()`, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const cursor = log(context).find({}, TAIL)
      await cursor.tryNext()
      await cursor.close()
    },
  },
  {
    id: 'tailable-empty',
    title: '`find({ n: -1 }, { tailable: true }).tryNext()`, nothing matches',
    expected: both('open'),
    run: async (context) => void (await log(context).find({ n: -1 }, TAIL).tryNext()),
  },
  {
    id: 'tailable-empty-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const cursor = log(context).find({ n: -1 }, TAIL)
      await cursor.tryNext()
      await cursor.close()
    },
  },
  {
    id: 'tailable-break',
    title: '`for await (… of find({}, { tailable: true })) break`',
    expected: CLEAN,
    on: { 4: both('open') },
    run: async (context) => {
      for await (const _ of log(context).find({}, TAIL)) break
    },
  },
  {
    id: 'tailable-no-timeout',
    title: '`find({}, { tailable: true, noCursorTimeout: true }).next()` once',
    expected: both('open'),
    run: async (context) => void (await log(context).find({}, { tailable: true, noCursorTimeout: true }).next()),
  },
  {
    id: 'tailable-no-timeout-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const cursor = log(context).find({}, { tailable: true, noCursorTimeout: true })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'watch-idle',
    title: '`watch()`, never used',
    expected: both('idle'),
    run: async ({ orders }) => orders.watch(),
  },
  {
    id: 'watch-idle-close',
    title: '`watch()`, `close()`',
    expected: CLEAN,
    run: async ({ orders }) => orders.watch().close(),
  },
  {
    id: 'watch-try-next',
    title: '`collection.watch().tryNext()` once',
    expected: both('open'),
    run: async ({ orders }) => void (await orders.watch([], WATCH).tryNext()),
  },
  {
    id: 'watch-try-next-close',
    title: '`collection.watch().tryNext()`, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = orders.watch([], WATCH)
      await stream.tryNext()
      await stream.close()
    },
  },
  {
    id: 'watch-next',
    title: '`collection.watch().next()` once',
    expected: both('open'),
    run: async (context) => {
      const stream = context.db.collection('changes').watch([], WATCH)
      await changing(context, stream.next())
    },
  },
  {
    id: 'watch-next-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const stream = context.db.collection('changes').watch([], WATCH)
      await changing(context, stream.next())
      await stream.close()
    },
  },
  {
    id: 'watch-db',
    title: '`db.watch().tryNext()` once',
    expected: both('open'),
    run: async ({ db }) => void (await db.watch([], WATCH).tryNext()),
  },
  {
    id: 'watch-client',
    title: '`client.watch().tryNext()` once',
    expected: both('open'),
    run: async ({ client }) => void (await client.watch([], WATCH).tryNext()),
  },
  {
    id: 'watch-wide-close',
    title: '`db.watch()` and `client.watch()`, `tryNext()`, then `close()`',
    expected: CLEAN,
    run: async ({ db, client }) => {
      for (const stream of [db.watch([], WATCH), client.watch([], WATCH)]) {
        await stream.tryNext()
        await stream.close()
      }
    },
  },
  {
    id: 'watch-on',
    title: "`watch().on('change')`",
    expected: both('open'),
    run: async (context) => {
      const stream = listened(context.db.collection('changes').watch([], WATCH))
      await changing(context, new Promise((resolve) => stream.on('change', resolve)))
    },
  },
  {
    id: 'watch-on-close',
    title: "`watch().on('change')`, then `close()`",
    expected: CLEAN,
    run: async (context) => {
      const stream = listened(context.db.collection('changes').watch([], WATCH))
      await changing(context, new Promise((resolve) => stream.on('change', resolve)))
      await stream.close()
      await quiet()
    },
  },
  {
    id: 'watch-break',
    title: '`for await (… of watch()) break`',
    needs: iterable,
    expected: CLEAN,
    run: async (context) => {
      const stream = context.db.collection('changes').watch([], WATCH)
      const first = async () => {
        for await (const _ of stream) break
      }
      await changing(context, first())
    },
  },
  {
    id: 'watch-iterator-half',
    title: '`watch()[Symbol.asyncIterator]().next()` once, left',
    needs: iterable,
    expected: both('open'),
    run: async (context) => {
      const stream = context.db.collection('changes').watch([], WATCH)
      await changing(context, stream[Symbol.asyncIterator]().next())
    },
  },
  {
    id: 'watch-iterator-return',
    title: 'the same, then `return()`',
    needs: iterable,
    expected: CLEAN,
    run: async (context) => {
      const stream = context.db.collection('changes').watch([], WATCH)
      const iterator = stream[Symbol.asyncIterator]()
      await changing(context, iterator.next())
      await iterator.return?.(undefined)
    },
  },
  {
    id: 'watch-resume',
    title: '`watch({ resumeAfter })` of a closed stream, `tryNext()` once',
    expected: both('open'),
    run: async (context) => {
      const changes = context.db.collection('changes')
      const first = changes.watch([], WATCH)
      const { _id } = await changing(context, first.next())
      await first.close()
      await changes.watch([], { ...WATCH, resumeAfter: _id }).tryNext()
    },
  },
  {
    id: 'watch-resume-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async (context) => {
      const changes = context.db.collection('changes')
      const first = changes.watch([], WATCH)
      const { _id } = await changing(context, first.next())
      await first.close()
      const second = changes.watch([], { ...WATCH, resumeAfter: _id })
      await second.tryNext()
      await second.close()
    },
  },
  {
    id: 'watch-stream',
    title: '`watch().stream()`, paused after the first `data`',
    expected: both('open'),
    run: async (context) => {
      const stream = streamOf(context.db.collection('changes').watch([], WATCH))
      await changing(context, new Promise((resolve) => stream.once('data', resolve)))
      stream.pause()
      await quiet()
      return stream
    },
  },
  {
    id: 'watch-stream-close',
    title: 'the same, then `changeStream.close()`',
    expected: CLEAN,
    run: async (context) => {
      const changes = context.db.collection('changes').watch([], WATCH)
      const stream = streamOf(changes)
      await changing(context, new Promise((resolve) => stream.once('data', resolve)))
      stream.pause()
      await changes.close()
      await quiet()
    },
  },
]
