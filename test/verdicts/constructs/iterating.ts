import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { both, CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'

/** Driver 4's iterator has no clean-up: what leaves it early leaks. From 5 on it closes. */
const LEAKS_ON_4 = { expected: CLEAN, on: { 4: FORGOTTEN } } as const

async function* passOn(orders: Context['orders']): AsyncGenerator<unknown> {
  yield* orders.find()
}

/** Ways through `Symbol.asyncIterator`, by the language and by hand. */
export const iterating: Construct[] = [
  {
    id: 'for-await',
    title: '`for await` to the end',
    expected: CLEAN,
    run: async ({ orders }) => {
      for await (const _ of orders.find());
    },
  },
  {
    id: 'for-await-break',
    title: '`for await … break`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      for await (const _ of orders.find()) break
    },
  },
  {
    id: 'for-await-return',
    title: '`for await … return`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      for await (const order of orders.find()) if (order.n === 1) return
    },
  },
  {
    id: 'for-await-throw',
    title: '`for await … throw`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      try {
        for await (const order of orders.find()) throw new Error(`expected ${order.n}`)
      } catch {
        // The caller's own error.
      }
    },
  },
  {
    id: 'for-await-finally',
    title: '`for await … break`, `finally { close() }`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      try {
        for await (const _ of cursor) break
      } finally {
        await cursor.close()
      }
    },
  },
  {
    id: 'for-await-last',
    title: '`for await … break` at the last document of three',
    // The server was done and nothing is left unread; on driver 4 the cursor is merely not read to its end.
    expected: CLEAN,
    on: { 4: ['unfinished', 'open'] },
    run: async ({ orders }) => {
      for await (const order of orders.find()) if (order.n === 2) break
    },
  },
  {
    id: 'iterator-half',
    title: '`const it = cursor[Symbol.asyncIterator]()`, `it.next()` once, left',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const iterator = orders.find()[Symbol.asyncIterator]()
      await iterator.next()
      return iterator
    },
  },
  {
    id: 'iterator-all',
    title: '`it.next()` until `done`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const iterator = orders.find()[Symbol.asyncIterator]()
      while (!(await iterator.next()).done);
    },
  },
  {
    id: 'iterator-return',
    title: '`it.next()`, then `it.return()`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      const iterator = orders.find()[Symbol.asyncIterator]()
      await iterator.next()
      await iterator.return?.(undefined)
    },
  },
  {
    id: 'iterator-throw',
    title: '`it.next()`, then `it.throw()`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      const iterator = orders.find()[Symbol.asyncIterator]()
      await iterator.next()
      await iterator.throw?.(new Error('expected')).catch(() => {})
    },
  },
  {
    id: 'iterator-return-first',
    title: '`it.return()` before the first `it.next()`',
    // The generator never started, so nothing was sent and nothing is closed.
    expected: both('idle'),
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor[Symbol.asyncIterator]().return?.(undefined)
      return cursor
    },
  },
  {
    id: 'iterator-second',
    title: '`next()` by hand, then a fresh iterator ended by `return()` before its first `next()`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor[Symbol.asyncIterator]().return?.(undefined)
    },
  },
  {
    id: 'iterator-second-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor[Symbol.asyncIterator]().return?.(undefined)
      await cursor.close()
    },
  },
  {
    id: 'yield-star',
    title: '`yield* cursor`, the outer loop left by `break`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      for await (const _ of passOn(orders)) break
    },
  },
  {
    id: 'yield-star-half',
    title: '`yield* cursor`, the generator left half way',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const outer = passOn(orders)
      await outer.next()
      return [{ outer }]
    },
  },
  {
    id: 'yield-star-all',
    title: '`yield* cursor` to the end',
    expected: CLEAN,
    run: async ({ orders }) => {
      for await (const _ of passOn(orders));
    },
  },
  {
    id: 'readable-from',
    title: '`Readable.from(cursor)`, one `data`, `pause()`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const stream = Readable.from(orders.find())
      await new Promise<void>((resolve) => stream.on('data', () => resolve(void stream.pause())))
      await quiet()
      return stream
    },
  },
  {
    id: 'readable-from-all',
    title: '`Readable.from(cursor)` to the end',
    expected: CLEAN,
    run: async ({ orders }) => {
      for await (const _ of Readable.from(orders.find()));
    },
  },
  {
    id: 'readable-from-destroy',
    title: '`Readable.from(cursor)`, one document, `destroy()`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      const stream = Readable.from(orders.find())
      await new Promise((resolve) => stream.once('data', resolve))
      stream.pause()
      await quiet()
      stream.destroy()
      await quiet()
    },
  },
  {
    id: 'readable-take',
    title: '`Readable.from(cursor).take(1).toArray()`',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      await Readable.from(orders.find()).take(1).toArray()
      await quiet()
    },
  },
  {
    id: 'pipeline-cursor',
    title: '`pipeline(cursor, writable)`',
    expected: CLEAN,
    run: async ({ orders }) => pipeline(orders.find() as AsyncIterable<unknown>, sink()),
  },
  {
    id: 'pipeline-cursor-fails',
    title: '`pipeline(cursor, writable)`, the writable fails at the first document',
    ...LEAKS_ON_4,
    run: async ({ orders }) => {
      await pipeline(orders.find() as AsyncIterable<unknown>, sink(1)).catch(() => {})
      await quiet()
    },
  },
  {
    id: 'pipeline-generator',
    title: '`pipeline(cursor.stream(), async function* …, writable)`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const skus = async function* (source: AsyncIterable<{ sku: string }>) {
        for await (const { sku } of source) yield sku
      }
      await pipeline(orders.find().stream(), skus, sink())
    },
  },
  {
    id: 'two-iterators',
    title: 'two loops over one cursor, the first left by `break`, the second run to the end',
    ...LEAKS_ON_4,
    on: { 4: CLEAN },
    run: async ({ orders }) => {
      const cursor = orders.find()
      for await (const _ of cursor) break
      for await (const _ of cursor);
    },
  },
]

/** Several turns of the event loop: streams close in later ones. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 2))
}

/** Takes everything, or fails at the given document. */
export function sink(failAt = Number.POSITIVE_INFINITY): Writable {
  let count = 0
  return new Writable({
    objectMode: true,
    write: (_chunk, _encoding, done) => done(++count >= failAt ? new Error('expected') : null),
  })
}
