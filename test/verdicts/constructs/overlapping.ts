import type { AggregationCursor, ChangeStream, FindCursor } from 'mongodb'
import { both, CLEAN, type Construct, type Context, type Pair } from '../construct.ts'

/** Each read that starts before the first reply sends a command of its own; the driver keeps one cursor of these. */
const OVERLAPPED: Pair = ['abandoned', 'lost']
const TAIL = { maxAwaitTimeMS: 20 }

/** Nobody looks at their answers: whether a read fails that was overtaken by another is the driver's affair. */
const allOf = async (reads: Array<Promise<unknown>>): Promise<void> => void (await Promise.allSettled(reads))

/** Until a command is on its way: before that the driver still takes it back. Its reply takes another turn. */
const underWay = (client: Context['client']): Promise<void> =>
  new Promise((resolve) => client.once('connectionCheckedOut', () => setImmediate(resolve)))

type Cursor = FindCursor | AggregationCursor
interface Overlap {
  open?(orders: Context['orders']): Cursor
  reads?(cursor: Cursor): Array<Promise<unknown>>
  after?(cursor: Cursor): Promise<unknown>
}
const close = (cursor: Cursor): Promise<unknown> => cursor.close()

/** Several reads of one cursor at once, two `next()` unless said, and what is done then. */
const overlap = (id: string, title: string, { open, reads, after }: Overlap = {}): Construct => ({
  id: `overlap-${id}`,
  title,
  expected: OVERLAPPED,
  run: async ({ orders }) => {
    const cursor = open?.(orders) ?? orders.find()
    await allOf(reads?.(cursor) ?? [cursor.next(), cursor.next()])
    await after?.(cursor)
  },
})

/** Reads of one cursor that are not awaited one after the other, each with the twin that awaits. */
export const overlapping: Construct[] = [
  overlap('next', '`Promise.all([cursor.next(), cursor.next()])`'),
  overlap('next-close', '`Promise.all([cursor.next(), cursor.next()])`, then `close()`', { after: close }),
  overlap('ten-close', 'ten `next()` pushed in a loop, then `close()`', {
    reads: (cursor) => Array.from({ length: 10 }, () => cursor.next()),
    after: close,
  }),
  overlap('read-on', '`Promise.all([cursor.next(), cursor.next()])`, then read to the end', {
    async after(cursor) {
      while (await cursor.next());
    },
  }),
  overlap('has-next-close', '`while (cursor.hasNext() && n-- > 0)` without `await`, then `close()`', {
    reads: (cursor) => Array.from({ length: 4 }, () => cursor.hasNext()),
    after: close,
  }),
  overlap('try-next-close', '`Promise.all([cursor.tryNext(), cursor.hasNext()])`, then `close()`', {
    reads: (cursor) => [cursor.tryNext(), cursor.hasNext()],
    after: close,
  }),
  overlap('aggregate-close', '`aggregate([])`: `Promise.all([cursor.next(), cursor.next()])`, then `close()`', {
    open: (orders) => orders.aggregate([]),
    after: close,
  }),
  {
    id: 'overlap-stream',
    title: '`cursor.next()` beside `cursor.stream()`, then `close()`',
    expected: OVERLAPPED,
    run: async ({ orders }) => {
      const cursor = orders.find()
      const stream = cursor.stream()
      stream.on('error', () => {})
      const started = new Promise((resolve) => stream.once('readable', resolve).once('close', resolve))
      await allOf([cursor.next(), started])
      await cursor.close()
      stream.destroy()
    },
  },
  {
    id: 'overlap-watch-close',
    title: '`watch()`: `Promise.all([stream.tryNext(), stream.tryNext()])`, then `close()`',
    expected: both('lost'),
    run: async ({ orders }) => {
      const stream = orders.watch([], TAIL)
      await allOf([stream.tryNext(), stream.tryNext()])
      await stream.close()
    },
  },
  {
    id: 'overlap-rewind',
    title: '`Promise.all([cursor.next(), cursor.next()])`, `rewind()`, `close()`',
    expected: ['clean', 'lost'],
    run: async ({ orders }) => {
      const cursor = orders.find()
      await allOf([cursor.next(), cursor.next()])
      cursor.rewind()
      await cursor.close()
    },
  },
  {
    id: 'overlap-limit',
    title: '`find().limit(2)`: `Promise.all([cursor.next(), cursor.next()])`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find().limit(2)
      await allOf([cursor.next(), cursor.next()])
    },
  },
  {
    id: 'overlap-unique',
    title: '`find({ sku })`, a unique field: `Promise.all([cursor.next(), cursor.next()])`',
    expected: CLEAN,
    sameMatches: true,
    run: async ({ orders }) => {
      const cursor = orders.find({ sku: 'sku-1' })
      await allOf([cursor.next(), cursor.next()])
    },
  },
  {
    id: 'overlap-error',
    title: 'a wrong query: `Promise.all([cursor.next(), cursor.next()])`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find({ $bad: 1 })
      await allOf([cursor.next(), cursor.next()])
    },
  },
  {
    id: 'overlap-after-first',
    title: '`await cursor.next()`, then `Promise.all([cursor.next(), cursor.next()])`, `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await allOf([cursor.next(), cursor.next()])
      await cursor.close()
    },
  },
  {
    id: 'overlap-two-cursors',
    title: '`Promise.all([a.next(), b.next()])` of two cursors, both closed',
    expected: CLEAN,
    run: async ({ orders }) => {
      const [a, b] = [orders.find(), orders.find()]
      await allOf([a.next(), b.next()])
      await allOf([a.close(), b.close()])
    },
  },
]

/** The driver sends no killCursors for what the first reply brings after the close. */
const UNKILLED: Pair = ['clean', 'unkilled']

/** Closed before the first reply has come, each with its twin. */
export const closedStarting: Construct[] = [
  {
    id: 'starting-close',
    title: '`next()` not awaited, `close()`',
    expected: UNKILLED,
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const read = cursor.next()
      await sent
      await allOf([cursor.close(), read])
    },
  },
  {
    id: 'starting-race-finally',
    title: '`Promise.race([cursor.next(), timeout])`, `finally { close() }`',
    expected: UNKILLED,
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const read = cursor.next()
      try {
        await Promise.race([read, sent])
      } finally {
        await cursor.close()
      }
      await allOf([read])
    },
  },
  {
    id: 'starting-close-twice',
    title: '`next()` not awaited, `close()`, and `close()` again when it has come',
    expected: UNKILLED,
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const read = cursor.next()
      await sent
      await allOf([cursor.close(), read])
      await cursor.close()
    },
  },
  {
    id: 'starting-aggregate-close',
    title: '`aggregate([])`: `hasNext()` not awaited, `close()`',
    expected: UNKILLED,
    run: async ({ orders, client }) => {
      const cursor = orders.aggregate([])
      const sent = underWay(client)
      const read = cursor.hasNext()
      await sent
      await allOf([cursor.close(), read])
    },
  },
  {
    id: 'starting-to-array-close',
    title: '`toArray()` not awaited, `close()`',
    expected: UNKILLED,
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const read = cursor.toArray()
      await sent
      await allOf([cursor.close(), read])
    },
  },
  {
    id: 'starting-stream-destroy',
    title: '`stream()` destroyed before its first row',
    expected: UNKILLED,
    // Its stream waits for the first read before it closes.
    on: { '4.0': CLEAN },
    run: async ({ orders, client }) => {
      const stream = orders.find().stream()
      const answered = new Promise((resolve) => client.once('connectionCheckedIn', () => setImmediate(resolve)))
      stream.on('error', () => {})
      const sent = underWay(client)
      stream.on('data', () => {})
      await sent
      stream.destroy()
      await answered
    },
  },
  {
    id: 'starting-session-close',
    title: 'in a session: `next()` not awaited, `close()`',
    expected: CLEAN,
    // The command still has its session: these majors kill what comes.
    on: { '4': UNKILLED, '5.0': UNKILLED, '6.0': UNKILLED },
    run: async ({ orders, client }) => {
      const session = client.startSession()
      const cursor = orders.find({}, { session })
      const sent = underWay(client)
      const read = cursor.next()
      await sent
      await allOf([cursor.close(), read])
      return { session }
    },
  },
  {
    id: 'starting-overlap-close',
    title: '`next()` and `next()` not awaited, `close()`',
    expected: OVERLAPPED,
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const reads = [cursor.next(), cursor.next()]
      await sent
      await allOf([cursor.close(), ...reads])
    },
  },
  {
    id: 'starting-watch-close',
    title: '`watch()`: `tryNext()` not awaited, `close()`',
    expected: both('unkilled'),
    run: async ({ orders, client }) => {
      const stream: ChangeStream = orders.watch([], TAIL)
      const sent = underWay(client)
      const read = stream.tryNext()
      await sent
      await allOf([stream.close(), read])
    },
  },
  {
    id: 'starting-watch-on-close',
    title: '`watch().on("change")` closed at once',
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = orders.watch([], TAIL)
      stream.on('error', () => {})
      stream.on('change', () => {})
      await stream.close()
    },
  },
  {
    id: 'starting-watch-unused',
    title: '`watch()` closed at once',
    expected: CLEAN,
    run: async ({ orders }) => orders.watch([], TAIL).close(),
  },
  {
    id: 'starting-unused-close',
    title: '`find()` closed at once',
    expected: CLEAN,
    run: async ({ orders }) => orders.find().close(),
  },
  {
    id: 'starting-awaited-close',
    title: '`await cursor.next()`, then `close()` beside a second `next()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      const read = cursor.next()
      await allOf([cursor.close(), read])
    },
  },
  {
    id: 'starting-error-close',
    title: 'a wrong query: `next()` not awaited, `close()`',
    expected: CLEAN,
    run: async ({ orders, client }) => {
      const cursor = orders.find({ $bad: 1 })
      const sent = underWay(client)
      const read = cursor.next()
      await sent
      await allOf([cursor.close(), read])
    },
  },
  {
    id: 'starting-rewind',
    title: '`next()` not awaited, `close()`, then `rewind()`',
    expected: ['idle', 'lost'],
    run: async ({ orders, client }) => {
      const cursor = orders.find()
      const sent = underWay(client)
      const read = cursor.next()
      await sent
      await allOf([cursor.close(), read])
      cursor.rewind()
    },
  },
]
