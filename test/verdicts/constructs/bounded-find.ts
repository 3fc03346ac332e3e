import { both, CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'

type Find = (orders: Context['orders']) => { hasNext(): Promise<boolean> }

/** An existence test by `hasNext()` on what `find` gives: one unread document remains, and nobody closes. */
const exists = (id: string, title: string, find: Find, rest: Partial<Construct> = {}): Construct => ({
  id: `find-${id}`,
  title: `\`${title}.hasNext()\``,
  expected: CLEAN,
  run: async ({ orders }) => void (await find(orders).hasNext()),
  ...rest,
})

/** Results that can't outlive the first batch whatever the data, beside those that look alike and can. */
export const boundedFind: Construct[] = [
  exists('limit-1', 'find().limit(1)', (orders) => orders.find().limit(1)),
  exists('limit-option', 'find({}, { limit: 2 })', (orders) => orders.find({}, { limit: 2 })),
  exists('limit-negative', 'find().limit(-2)', (orders) => orders.find().limit(-2)),
  exists('limit-batch', 'find().limit(101)', (orders) => orders.find().limit(101)),
  exists('limit-more', 'find().limit(102)', (orders) => orders.find().limit(102), { expected: FORGOTTEN }),
  exists('limit-0', 'find().limit(0)', (orders) => orders.find().limit(0), { expected: FORGOTTEN }),
  exists('limit-over-batch', 'find().batchSize(2).limit(3)', (orders) => orders.find().batchSize(2).limit(3), {
    expected: both('open'),
  }),
  exists('limit-under-batch', 'find().batchSize(5).limit(2)', (orders) => orders.find().batchSize(5).limit(2)),
  exists('batch-larger', 'find().batchSize(5)', (orders) => orders.find().batchSize(5), { expected: FORGOTTEN }),
  exists('single-batch', 'find({}, { singleBatch: true })', (orders) => orders.find({}, { singleBatch: true })),
  exists('skip', 'find().skip(1)', (orders) => orders.find().skip(1), { expected: FORGOTTEN }),
  exists('skip-limit', 'find().skip(1).limit(1)', (orders) => orders.find().skip(1).limit(1)),
  exists('sort', 'find().sort({ n: -1 })', (orders) => orders.find().sort({ n: -1 }), { expected: FORGOTTEN }),
  exists('sort-limit', 'find().sort({ n: -1 }).limit(1)', (orders) => orders.find().sort({ n: -1 }).limit(1)),
  exists('id', 'find({ _id: 1 })', (orders) => orders.find({ _id: 1 })),
  exists('id-eq', 'find({ _id: { $eq: 1 } })', (orders) => orders.find({ _id: { $eq: 1 } })),
  exists('id-in', 'find({ _id: { $in: [0, 1] } })', (orders) => orders.find({ _id: { $in: [0, 1] } })),
  exists('id-and', 'find({ $and: [{ status }, { _id: 1 }] })', (orders) =>
    orders.find({ $and: [{ status: 'new' }, { _id: 1 }] }),
  ),
  exists('id-or', 'find({ $or: [{ _id: 0 }, { _id: 1 }] })', (orders) =>
    orders.find({ $or: [{ _id: 0 }, { _id: 1 }] }),
  ),
  exists(
    'id-or-else',
    'find({ $or: [{ _id: 0 }, { status }] })',
    (orders) => orders.find({ $or: [{ _id: 0 }, { status: 'new' }] }),
    { expected: FORGOTTEN },
  ),
  exists('id-range', 'find({ _id: { $gte: 0 } })', (orders) => orders.find({ _id: { $gte: 0 } }), {
    expected: FORGOTTEN,
  }),
  exists('id-range-limit', 'find({ _id: { $gte: 0 } }).limit(1)', (orders) =>
    orders.find({ _id: { $gte: 0 } }).limit(1),
  ),
  exists(
    'id-in-many',
    'find({ _id: { $in: [… 500 ids] } })',
    (orders) => orders.find({ _id: { $in: Array.from({ length: 500 }, (_, i) => i) } }),
    { expected: FORGOTTEN },
  ),
  exists('unique', "find({ sku: 'sku-1' })`, `sku` unique: `", (orders) => orders.find({ sku: 'sku-1' }), {
    title: "`find({ sku: 'sku-1' }).hasNext()`, `sku` has a unique index",
  }),
  exists('unique-two', '', (orders) => orders.find({ shop: 1, no: 1 }), {
    title: '`find({ shop: 1, no: 1 }).hasNext()`, both in one unique index',
  }),
  exists('unique-half', '', (orders) => orders.find({ shop: 0 }), {
    title: '`find({ shop: 0 }).hasNext()`, half of a unique index',
    expected: FORGOTTEN,
  }),
  // As many as a unique index would allow, so that only the list of indexes tells.
  exists('unique-half-one', '', (orders) => orders.find({ no: 1 }), {
    title: '`find({ no: 1 }).hasNext()`, the other half, of which one document matches',
    expected: both('abandoned'),
    sameMatches: true,
  }),
  exists('unique-or', '', (orders) => orders.find({ $or: [{ sku: 'sku-1' }, { shop: 0, no: 2 }] }), {
    title: '`find({ $or: [{ sku }, { shop, no }] }).hasNext()`, each with a unique index',
  }),
  exists('unique-or-id', '', (orders) => orders.find({ $or: [{ sku: 'sku-1' }, { _id: 2 }] }), {
    title: '`find({ $or: [{ sku }, { _id }] }).hasNext()`, `sku` has a unique index',
  }),
  exists('unique-or-else', '', (orders) => orders.find({ $or: [{ sku: 'sku-1' }, { status: 'new' }] }), {
    title: '`find({ $or: [{ sku }, { status }] }).hasNext()`, only `sku` has a unique index',
    expected: FORGOTTEN,
  }),
  // As many as unique indexes would allow, so that only the list of indexes tells.
  exists('unique-or-else-one', '', (orders) => orders.find({ $or: [{ sku: 'sku-1' }, { n: 2 }] }), {
    title: '`find({ $or: [{ sku }, { n }] }).hasNext()`, only `sku` has a unique index, and one document matches each',
    expected: both('abandoned'),
    sameMatches: true,
  }),
  exists('expr-id', 'find({ $expr: { $in: [_id, …] } })', (orders) =>
    orders.find({ $expr: { $in: ['$_id', [0, 1]] } }),
  ),
  exists('expr-unique', '', (orders) => orders.find({ $expr: { $eq: ['$sku', 'sku-1'] } }), {
    title: "`find({ $expr: { $eq: ['$sku', 'sku-1'] } }).hasNext()`, `sku` has a unique index",
  }),
  exists(
    'expr-field',
    'find({ $expr: { $eq: [_id, n] } })',
    (orders) => orders.find({ $expr: { $eq: ['$_id', '$n'] } }),
    {
      expected: FORGOTTEN,
    },
  ),
  exists(
    'ignore-undefined',
    'find({ _id: undefined }, { ignoreUndefined: true })',
    (orders) => orders.find({ _id: undefined } as never, { ignoreUndefined: true }),
    { expected: FORGOTTEN },
  ),
  exists('ignore-undefined-limit', 'find({ _id: 1, sku: undefined }, { ignoreUndefined: true })', (orders) =>
    orders.find({ _id: 1, sku: undefined } as never, { ignoreUndefined: true }),
  ),
  exists('equal', '', (orders) => orders.find({ status: 'new' }), {
    title: "`find({ status: 'new' }).hasNext()`, no index",
    expected: FORGOTTEN,
  }),
  ...(['Int32', 'Double'] as const).map(
    (type): Construct => ({
      id: `find-limit-${type.toLowerCase()}`,
      // No driver sends what is no plain number: all that matches comes.
      title: `\`find({}, { limit: new ${type}(2) }).hasNext()\`, which no driver sends`,
      expected: FORGOTTEN,
      run: async ({ orders, mongodb }) =>
        void (await orders.find({}, { limit: new mongodb[type](2) as never }).hasNext()),
    }),
  ),
  {
    id: 'find-batch-long',
    title: '`find({}, { batchSize: Long(2), limit: 5 }).hasNext()`: the batch size is not sent',
    expected: CLEAN,
    run: async ({ orders, mongodb }) =>
      void (await orders.find({}, { batchSize: mongodb.Long.fromNumber(2) as never, limit: 5 }).hasNext()),
  },
  {
    id: 'find-exists-close',
    title: "`find({ status: 'new' }).hasNext()`, then `close()`",
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find({ status: 'new' })
      await cursor.hasNext()
      await cursor.close()
    },
  },
  {
    id: 'find-limit-next',
    title: '`find().limit(2).next()` once',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.find().limit(2).next()),
  },
  {
    id: 'find-limit-more-read',
    title: '`find().batchSize(2).limit(3)`, read beyond the first batch',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find().batchSize(2).limit(3)
      for (let i = 0; i < 3; i++) await cursor.next()
    },
  },
  {
    id: 'find-limit-stream',
    title: '`find().limit(2).stream()`, paused after the first `data`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const stream = orders.find().limit(2).stream()
      await new Promise<void>((resolve) => stream.once('data', () => resolve(void stream.pause())))
      return stream
    },
  },
]
