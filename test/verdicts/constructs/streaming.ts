import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { both, CLEAN, type Construct, FORGOTTEN } from '../construct.ts'
import { quiet, sink } from './iterating.ts'

/** Streams made by the cursor. Their read-ahead is unread by the user, wherever it lies. */
export const streaming: Construct[] = [
  {
    id: 'stream-paused',
    title: '`stream()`, paused after the first `data`',
    expected: FORGOTTEN,
    run: async ({ orders }) => paused(orders.find().stream()),
  },
  {
    id: 'stream-ahead',
    title: '`find({ n: { $lt: 2 } }).stream()`, paused after the first `data`: the stream holds the other one',
    expected: both('abandoned'),
    sameMatches: true,
    run: async ({ orders }) => paused(orders.find({ n: { $lt: 2 } }).stream()),
  },
  {
    id: 'stream-ahead-all',
    title: 'the same, to the end',
    expected: CLEAN,
    run: async ({ orders }) => {
      for await (const _ of orders.find({ n: { $lt: 2 } }).stream());
    },
  },
  {
    id: 'stream-read',
    title: '`stream()`, one `read()`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const stream = orders.find().stream()
      await new Promise((resolve) => stream.once('readable', resolve))
      stream.read()
      await quiet()
      return stream
    },
  },
  {
    id: 'stream-read-destroy',
    title: 'the same, then `destroy()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = orders.find().stream()
      await new Promise((resolve) => stream.once('readable', resolve))
      stream.read()
      await quiet()
      stream.destroy()
      await quiet()
    },
  },
  {
    id: 'stream-unused',
    title: '`stream()`, never read',
    expected: ['idle', 'idle'],
    run: async ({ orders }) => orders.find().stream(),
  },
  {
    id: 'stream-all',
    title: "`stream()`, `on('data')` to the end",
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = orders.find().stream()
      await new Promise((resolve, reject) =>
        stream
          .on('data', () => {})
          .once('end', resolve)
          .once('error', reject),
      )
    },
  },
  {
    id: 'stream-for-await',
    title: '`for await (… of cursor.stream()) break`',
    expected: CLEAN,
    run: async ({ orders }) => {
      for await (const _ of orders.find().stream()) break
    },
  },
  {
    id: 'stream-destroy',
    title: '`stream()`, `destroy()` while paused',
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = await paused(orders.find().stream())
      stream.destroy()
      await quiet()
    },
  },
  {
    id: 'stream-cursor-close',
    title: '`stream()`, paused, `cursor.close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      const stream = await paused(cursor.stream())
      await cursor.close()
      return stream
    },
  },
  {
    id: 'stream-take',
    title: '`stream().take(1).toArray()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      await orders.find().stream().take(1).toArray()
      await quiet()
    },
  },
  {
    id: 'stream-pipeline',
    title: '`pipeline(cursor.stream(), writable)`',
    expected: CLEAN,
    run: async ({ orders }) => pipeline(orders.find().stream(), sink()),
  },
  {
    id: 'stream-pipeline-fails',
    title: '`pipeline(cursor.stream(), writable)`, the writable fails at the third document',
    expected: CLEAN,
    run: async ({ orders }) => {
      await pipeline(orders.find().stream(), sink(3)).catch(() => {})
      await quiet()
    },
  },
  {
    id: 'stream-pipe-stuck',
    title: '`stream().pipe(writable)`, the writable never takes a second document',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const stream = orders.find().stream()
      let got = () => {}
      const first = new Promise<void>((resolve) => {
        got = resolve
      })
      const stuck = new Writable({ objectMode: true, highWaterMark: 1, write: () => got() })
      stream.pipe(stuck)
      await first
      await quiet()
      return [stream, stuck]
    },
  },
  {
    id: 'stream-pipe',
    title: '`stream().pipe(writable)`, the writable takes everything',
    expected: CLEAN,
    run: async ({ orders }) => {
      await new Promise((resolve) => orders.find().stream().pipe(sink()).once('finish', resolve))
    },
  },
  {
    id: 'stream-transform',
    title: '`map(…).stream()` (driver 4 and 5: `stream({ transform })`), paused after the first `data`',
    expected: FORGOTTEN,
    run: async ({ orders, major }) => {
      const cursor = orders.find()
      return paused(transformed(cursor, major))
    },
  },
  {
    id: 'stream-transform-all',
    title: '`map(…).stream()` (driver 4 and 5: `stream({ transform })`), to the end',
    expected: CLEAN,
    run: async ({ orders, major }) => {
      for await (const _ of transformed(orders.find(), major));
    },
  },
  {
    id: 'stream-transform-destroy',
    title: '`map(…).stream()` (driver 4 and 5: `stream({ transform })`), `destroy()` while paused',
    // Drivers 4 and 5 pipe: destroying the last stream of a pipe leaves the first one, and so the cursor, alone.
    expected: CLEAN,
    on: { 4: FORGOTTEN, 5: FORGOTTEN },
    run: async ({ orders, major }) => {
      const stream = await paused(transformed(orders.find(), major))
      stream.destroy()
      await quiet()
    },
  },
]

/** Reads one document and pauses; comes back when the stream has read ahead. */
async function paused<T extends Readable>(stream: T): Promise<T> {
  await new Promise<void>((resolve) => {
    stream.once('data', () => {
      stream.pause()
      resolve()
    })
  })
  await quiet()
  return stream
}

interface Transformable {
  map(change: (document: { sku: string }) => string): { stream(): Readable }
  stream(options?: { transform(document: { sku: string }): string }): Readable
}

function transformed(cursor: object, major: number): Readable {
  const transform = ({ sku }: { sku: string }) => sku
  const one = cursor as Transformable
  return major < 6 ? one.stream({ transform }) : one.map(transform).stream()
}
