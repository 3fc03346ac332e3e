import { both, CLEAN, type Construct, FORGOTTEN } from '../construct.ts'

const stop = (): boolean => false

/** Reading by the cursor's own methods, each beside the twin that looks alike and leaks nothing. */
export const reading: Construct[] = [
  {
    id: 'idle',
    title: '`find()`, never read',
    expected: both('idle'),
    run: async ({ orders }) => orders.find(),
  },
  {
    id: 'next',
    title: '`find().next()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => void (await orders.find().next()),
  },
  {
    id: 'next-close',
    title: '`find().next()`, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'next-finally',
    title: '`next()` throws later, `finally { close() }`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      try {
        await cursor.next()
        throw new Error('expected')
      } catch {
        // The caller's own error.
      } finally {
        await cursor.close()
      }
    },
  },
  {
    id: 'next-all',
    title: '`while (await cursor.hasNext()) await cursor.next()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      while (await cursor.hasNext()) await cursor.next()
    },
  },
  {
    id: 'next-until-null',
    title: '`next()` until `null`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      while ((await cursor.next()) !== null);
    },
  },
  {
    id: 'next-return',
    title: 'early `return` out of a `hasNext()` loop',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      while (await cursor.hasNext()) if ((await cursor.next())?.n === 1) return
    },
  },
  {
    id: 'next-return-finally',
    title: 'the same, `finally { close() }`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      try {
        while (await cursor.hasNext()) if ((await cursor.next())?.n === 1) return
      } finally {
        await cursor.close()
      }
    },
  },
  {
    id: 'next-one-match',
    title: '`find({ n: 1 }).next()`, one document matches',
    expected: both('unfinished'),
    run: async ({ orders }) => void (await orders.find({ n: 1 }).next()),
  },
  {
    id: 'next-no-match',
    title: '`find({ n: -1 }).next()`, nothing matches',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.find({ n: -1 }).next()),
  },
  {
    id: 'has-next',
    title: '`find().hasNext()` as an existence test',
    expected: FORGOTTEN,
    run: async ({ orders }) => void (await orders.find({ status: 'new' }).hasNext()),
  },
  {
    id: 'find-one',
    title: '`findOne()`, `countDocuments()`, `distinct()`, `estimatedDocumentCount()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      await orders.findOne({ status: 'new' })
      await orders.countDocuments({ status: 'new' })
      await orders.distinct('shop')
      await orders.estimatedDocumentCount()
    },
  },
  {
    id: 'try-next',
    title: '`tryNext()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => void (await orders.find().tryNext()),
  },
  {
    id: 'try-next-all',
    title: '`tryNext()` until `null`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      while ((await cursor.tryNext()) !== null);
    },
  },
  {
    id: 'to-array',
    title: '`toArray()`',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.find().toArray()),
  },
  {
    id: 'next-to-array',
    title: '`next()`, then `toArray()` for the rest',
    expected: CLEAN,
    // `toArray()` of 4.0 asks in its own way: that it came to the end can't be seen.
    on: { '4.0': both('unfinished') },
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor.toArray()
    },
  },
  {
    id: 'buffered',
    title: '`next()`, then `readBufferedDocuments()`',
    expected: ['unfinished', 'open'],
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.readBufferedDocuments()
    },
  },
  {
    id: 'buffered-some',
    title: '`next()`, then `readBufferedDocuments(1)`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.readBufferedDocuments(1)
    },
  },
  {
    id: 'buffered-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.readBufferedDocuments(1)
      await cursor.close()
    },
  },
  {
    id: 'buffered-limit',
    title: '`limit(3)`, `next()`, then `readBufferedDocuments()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find().limit(3)
      await cursor.next()
      cursor.readBufferedDocuments()
    },
  },
  {
    id: 'for-each',
    title: '`forEach()`',
    expected: CLEAN,
    run: async ({ orders }) => orders.find().forEach(() => {}),
  },
  {
    id: 'for-each-false',
    title: '`forEach(() => false)`',
    expected: CLEAN,
    on: { 4: FORGOTTEN },
    run: async ({ orders }) => orders.find().forEach(stop),
  },
  {
    id: 'for-each-throw',
    title: '`forEach()` whose callback throws',
    expected: CLEAN,
    on: { 4: FORGOTTEN },
    run: async ({ orders }) => {
      const failing = () => {
        throw new Error('expected')
      }
      await orders
        .find()
        .forEach(failing)
        .catch(() => {})
    },
  },
  {
    id: 'map-next',
    title: '`find().map(…).next()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const names = orders.find().map(({ sku }) => sku)
      await names.next()
    },
  },
  {
    id: 'map-to-array',
    title: '`find().map(…).toArray()`',
    expected: CLEAN,
    run: async ({ orders }) =>
      void (await orders
        .find()
        .map(({ sku }) => sku)
        .toArray()),
  },
  {
    id: 'map-throw',
    title: '`map(() => { throw … }).next()`',
    // Driver 4 and the first of 5 never answer: their `next()` stays pending for good.
    needs: ({ major, version }) => major > 5 || version.startsWith('5.9'),
    expected: CLEAN,
    run: async ({ orders }) => {
      const failing = orders.find().map(() => {
        throw new Error('expected')
      })
      await failing.next().catch(() => {})
    },
  },
  {
    id: 'clone',
    title: '`clone()` read by `next()` once, the original by `toArray()`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.toArray()
      await cursor.clone().next()
    },
  },
  {
    id: 'clone-clean',
    title: '`clone()` and the original, both by `toArray()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.toArray()
      await cursor.clone().toArray()
    },
  },
  {
    id: 'rewind',
    title: '`next()`, then `rewind()`',
    expected: ['idle', 'lost'],
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.rewind()
    },
  },
  {
    id: 'rewind-close',
    title: '`next()`, `rewind()`, then `close()`',
    expected: ['clean', 'lost'],
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.rewind()
      await cursor.close()
    },
  },
  {
    id: 'rewind-to-array',
    title: '`next()`, `rewind()`, then `toArray()`',
    expected: ['clean', 'lost'],
    // `toArray()` of 4.0 asks in its own way: that it came to the end can't be seen.
    on: { '4.0': ['unfinished', 'lost'] },
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.rewind()
      await cursor.toArray()
    },
  },
  {
    id: 'rewind-next',
    title: '`next()`, `rewind()`, `next()`',
    // Two cursors of one object on the server: the forgotten one, and the one that is open now.
    expected: ['abandoned', 'lost'],
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      cursor.rewind()
      await cursor.next()
    },
  },
  {
    id: 'rewind-drained',
    title: '`toArray()`, `rewind()`, `toArray()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.toArray()
      cursor.rewind()
      await cursor.toArray()
    },
  },
  {
    id: 'rewind-closed',
    title: '`next()`, `close()`, `rewind()`, `toArray()`',
    expected: CLEAN,
    // `toArray()` of 4.0 asks in its own way: that it came to the end can't be seen.
    on: { '4.0': both('unfinished') },
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor.close()
      cursor.rewind()
      await cursor.toArray()
    },
  },
  {
    id: 'no-cursor-timeout',
    title: '`noCursorTimeout: true`, `next()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => void (await orders.find({}, { noCursorTimeout: true }).next()),
  },
  {
    id: 'no-cursor-timeout-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find({}, { noCursorTimeout: true })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'many',
    title: '`find().next()` once, in a loop of three',
    expected: ['3 abandoned', '3 open'],
    run: async ({ orders }) => {
      for (let i = 0; i < 3; i++) await orders.find().next()
    },
  },
  {
    id: 'many-close',
    title: 'the same, each closed',
    expected: CLEAN,
    run: async ({ orders }) => {
      for (let i = 0; i < 3; i++) {
        const cursor = orders.find()
        await cursor.next()
        await cursor.close()
      }
    },
  },
  {
    id: 'batch-size',
    title: '`batchSize(2)`, `next()` once',
    expected: both('open'),
    run: async ({ orders }) => void (await orders.find().batchSize(2).next()),
  },
  {
    id: 'batch-size-exact',
    title: '`batchSize(3)`, three times `next()`',
    // With as many documents as a batch holds the server can't know yet that it is done.
    expected: both('open'),
    run: async ({ orders }) => {
      const cursor = orders.find().batchSize(3)
      for (let i = 0; i < 3; i++) await cursor.next()
    },
  },
  {
    id: 'batch-size-exact-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find().batchSize(3)
      for (let i = 0; i < 3; i++) await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'batch-size-close',
    title: '`batchSize(2)`, `next()`, `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find().batchSize(2)
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'closed-twice',
    title: '`close()` twice, one after the other',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor.close()
      await cursor.close()
      const other = orders.find()
      await other.toArray()
      await other.close()
    },
  },
  {
    id: 'error',
    title: '`find({ $bad: 1 }).toArray()`, `next()`: the server refuses',
    expected: CLEAN,
    run: async ({ orders }) => {
      const bad = { $bad: 1 } as object
      await orders
        .find(bad)
        .toArray()
        .catch(() => {})
      await orders
        .find(bad)
        .next()
        .catch(() => {})
    },
  },
  {
    id: 'error-later',
    title: 'an error of ours between `next()` and `close()`',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const work = async () => {
        const cursor = orders.find()
        await cursor.next()
        throw new Error('expected')
      }
      await work().catch(() => {})
    },
  },
  {
    id: 'error-later-finally',
    title: 'the same, `finally { close() }`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const work = async () => {
        const cursor = orders.find()
        try {
          await cursor.next()
          throw new Error('expected')
        } finally {
          await cursor.close()
        }
      }
      await work().catch(() => {})
    },
  },
]
