import { both, CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'

const hasRunCursorCommand = ({ db }: Context) => 'runCursorCommand' in db

/** Listings and commands. Without a batch size a server sends a listing in one piece. */
export const listing: Construct[] = [
  {
    id: 'list-collections',
    title: '`listCollections().next()` once',
    expected: CLEAN,
    run: async ({ db }) => void (await db.listCollections().next()),
  },
  {
    id: 'list-collections-name',
    title: "`listCollections({ name: 'orders' }).hasNext()`",
    expected: CLEAN,
    run: async ({ db }) => void (await db.listCollections({ name: 'orders' }).hasNext()),
  },
  {
    id: 'list-collections-batch',
    title: '`listCollections({}, { batchSize: 10 }).next()` once, 2 and 30 collections',
    expected: FORGOTTEN,
    run: async ({ db }) => void (await db.listCollections({}, { batchSize: 10 }).next()),
  },
  {
    id: 'list-collections-all',
    title: '`listCollections().toArray()`, `db.collections()`',
    expected: CLEAN,
    run: async ({ db }) => {
      await db.listCollections({}, { batchSize: 10 }).toArray()
      await db.collections()
    },
  },
  {
    id: 'list-indexes',
    title: '`listIndexes().next()` once',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.listIndexes().next()),
  },
  {
    id: 'list-indexes-batch',
    title: '`listIndexes({ batchSize: 2 }).next()` once, 4 indexes',
    expected: both('open'),
    run: async ({ orders }) => void (await orders.listIndexes({ batchSize: 2 }).next()),
  },
  {
    id: 'list-indexes-all',
    title: '`listIndexes().toArray()`, `indexes()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      await orders.listIndexes({ batchSize: 2 }).toArray()
      await orders.indexes()
    },
  },
  {
    id: 'list-search-indexes',
    title: '`listSearchIndexes().next()` once, closed',
    needs: ({ orders }) => 'listSearchIndexes' in orders,
    unproven: 'only Atlas lists search indexes; another server refuses the stage',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.listSearchIndexes()
      await cursor.next().catch(() => {})
      await cursor.close()
    },
  },
  {
    id: 'run-find',
    title: "`runCursorCommand({ find: 'orders' }).next()` once",
    needs: hasRunCursorCommand,
    expected: FORGOTTEN,
    run: async ({ db }) => void (await db.runCursorCommand({ find: 'orders' }).next()),
  },
  {
    id: 'run-find-all',
    title: "`runCursorCommand({ find: 'orders' }).toArray()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => void (await db.runCursorCommand({ find: 'orders' }).toArray()),
  },
  {
    id: 'run-find-break',
    title: "`for await (… of runCursorCommand({ find: 'orders' })) break`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => {
      for await (const _ of db.runCursorCommand({ find: 'orders' })) break
    },
  },
  {
    id: 'run-find-limit',
    title: "`runCursorCommand({ find: 'orders', limit: 2 }).hasNext()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => void (await db.runCursorCommand({ find: 'orders', limit: 2 }).hasNext()),
  },
  {
    id: 'run-find-limit-long',
    title: "`runCursorCommand({ find: 'orders', limit: Long(2) }).hasNext()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db, mongodb }) =>
      void (await db.runCursorCommand({ find: 'orders', limit: mongodb.Long.fromNumber(2) }).hasNext()),
  },
  {
    id: 'run-find-batch-int32',
    title: "`runCursorCommand({ find: 'orders', limit: Int32(200), batchSize: Int32(300) }).hasNext()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db, mongodb }) =>
      void (await db
        .runCursorCommand({ find: 'orders', limit: new mongodb.Int32(200), batchSize: new mongodb.Int32(300) })
        .hasNext()),
  },
  {
    id: 'run-find-id',
    title: "`runCursorCommand({ find: 'orders', filter: { _id: 1 } }).hasNext()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => void (await db.runCursorCommand({ find: 'orders', filter: { _id: 1 } }).hasNext()),
  },
  {
    id: 'run-find-batch',
    title: "`runCursorCommand({ find: 'orders', batchSize: 2 }).next()` once",
    needs: hasRunCursorCommand,
    expected: both('open'),
    run: async ({ db }) => void (await db.runCursorCommand({ find: 'orders', batchSize: 2 }).next()),
  },
  {
    id: 'run-find-batch-close',
    title: 'the same, then `close()`',
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => {
      const cursor = db.runCursorCommand({ find: 'orders', batchSize: 2 })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'run-aggregate',
    title: "`runCursorCommand({ aggregate: 'orders', pipeline: [] }).next()` once",
    needs: hasRunCursorCommand,
    expected: FORGOTTEN,
    run: async ({ db }) => void (await db.runCursorCommand({ aggregate: 'orders', pipeline: [], cursor: {} }).next()),
  },
  {
    id: 'run-aggregate-close',
    title: 'the same, then `close()`',
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => {
      const cursor = db.runCursorCommand({ aggregate: 'orders', pipeline: [], cursor: {} })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'run-aggregate-limit',
    title: "`runCursorCommand({ aggregate: 'orders', pipeline: [$limit: 2] }).hasNext()`",
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) =>
      void (await db.runCursorCommand({ aggregate: 'orders', pipeline: [{ $limit: 2 }], cursor: {} }).hasNext()),
  },
  {
    id: 'run-list',
    title: '`runCursorCommand({ listCollections: 1 }).next()` once',
    needs: hasRunCursorCommand,
    expected: CLEAN,
    run: async ({ db }) => void (await db.runCursorCommand({ listCollections: 1, cursor: {} }).next()),
  },
]
