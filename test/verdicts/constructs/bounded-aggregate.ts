import type { Document } from 'mongodb'
import { both, CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'

/** An existence test by `hasNext()` on a pipeline. */
const exists = (id: string, title: string, pipeline: Document[], rest: Partial<Construct> = {}): Construct => ({
  id: `aggregate-${id}`,
  title: `\`aggregate([${title}]).hasNext()\``,
  expected: CLEAN,
  run: async ({ orders }) => void (await orders.aggregate(pipeline).hasNext()),
  ...rest,
})

const LOOKUP = { $lookup: { from: 'orders', localField: 'n', foreignField: 'n', as: 'same' } }
const OPEN = { expected: FORGOTTEN }
const NUMBERS = [
  ['int32', 'Int32'],
  ['long', 'Long'],
  ['double', 'Double'],
] as const
const SEARCH = 'only a server with a search node knows the stage; another one refuses it'

/** A number as one of the driver's own BSON classes. */
const bson = ({ mongodb }: Context, name: 'Int32' | 'Long' | 'Double', n: number) =>
  name === 'Long' ? mongodb.Long.fromNumber(n) : new mongodb[name](n)

/** Where the server refuses the stage the row proves only that nothing is said of it. */
const searches = (id: string, title: string, pipeline: Document[]): Construct =>
  exists(id, title, pipeline, {
    unproven: SEARCH,
    run: async ({ orders }) =>
      void (await orders
        .aggregate(pipeline)
        .hasNext()
        .catch(() => {})),
  })

/** A pipeline's last bounding stage, and the stages behind it that keep or lift the bound. */
export const boundedAggregate: Construct[] = [
  exists('all', '', [], OPEN),
  exists('match', '$match', [{ $match: { status: 'new' } }], OPEN),
  exists('match-id', '$match: { _id }', [{ $match: { _id: 1 } }]),
  exists('match-unique', '$match: { sku }', [{ $match: { sku: 'sku-1' } }], {
    title: '`aggregate([$match: { sku }]).hasNext()`, `sku` has a unique index',
  }),
  exists('limit', '$limit: 2', [{ $limit: 2 }]),
  exists('limit-more', '$limit: 500', [{ $limit: 500 }], OPEN),
  exists('limit-lookup', '$limit: 2, $lookup', [{ $limit: 2 }, LOOKUP]),
  exists('limit-many', '$sort, $limit: 2, $project, $match, $set', [
    { $sort: { n: -1 } },
    { $limit: 2 },
    { $project: { n: 1 } },
    { $match: { n: { $gte: 0 } } },
    { $set: { seen: true } },
  ]),
  exists('limit-unwind', '$limit: 2, $unwind', [{ $limit: 2 }, { $unwind: '$tags' }], {
    expected: both('abandoned'),
    sameMatches: true,
  }),
  exists('lookup-unwind', '$limit: 2, $lookup, $unwind', [{ $limit: 2 }, LOOKUP, { $unwind: '$same' }], {
    expected: both('abandoned'),
    sameMatches: true,
  }),
  exists('unwind-limit', '$unwind, $limit: 2', [{ $unwind: '$tags' }, { $limit: 2 }]),
  exists('limit-union', '$limit: 1, $unionWith', [{ $limit: 1 }, { $unionWith: { coll: 'orders' } }], OPEN),
  exists('union-limit', '$unionWith, $limit: 1', [{ $unionWith: { coll: 'orders' } }, { $limit: 1 }]),
  exists('count', '$count', [{ $count: 'all' }]),
  exists('group-all', '$group: { _id: null }', [{ $group: { _id: null, all: { $sum: 1 } } }]),
  exists('group-by', "$group: { _id: '$n' }", [{ $group: { _id: '$n' } }], OPEN),
  exists('facet', '$facet', [{ $facet: { all: [{ $count: 'n' }] } }]),
  exists('facet-unwind', '$facet, $unwind', [{ $facet: { all: [{ $match: {} }] } }, { $unwind: '$all' }], OPEN),
  exists('sample', '$sample: { size: 2 }', [{ $sample: { size: 2 } }]),
  exists('sample-lookup', '$sample, $lookup', [{ $sample: { size: 2 } }, LOOKUP]),
  exists('coll-stats', '$collStats', [{ $collStats: { count: {} } }]),
  exists('group-count', '$group by field, $count', [{ $group: { _id: '$n' } }, { $count: 'groups' }]),
  exists('sort', '$sort', [{ $sort: { n: 1 } }], OPEN),
  exists('skip-limit', '$skip: 1, $limit: 1', [{ $skip: 1 }, { $limit: 1 }]),
  exists('bucket-auto', '$bucketAuto', [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }]),
  exists('bucket', '$bucket', [{ $bucket: { groupBy: '$n', boundaries: [0, 2, 5_000] } }]),
  exists('sort-by-count', "$sortByCount: '$n'", [{ $sortByCount: '$n' }], OPEN),
  exists('skip-most', '$limit: 150, $skip: 60', [{ $limit: 150 }, { $skip: 60 }], { sameMatches: true }),
  exists('skip-few', '$limit: 200, $skip: 1', [{ $limit: 200 }, { $skip: 1 }], OPEN),
  exists('skip', '$skip: 1', [{ $skip: 1 }], OPEN),
  exists('limit-set-window', '$limit: 2, $setWindowFields, $fill, $redact, $replaceWith', [
    { $limit: 2 },
    { $setWindowFields: { sortBy: { n: 1 }, output: { before: { $sum: '$n' } } } },
    { $fill: { output: { missing: { value: 0 } } } },
    { $redact: '$$KEEP' },
    { $replaceWith: '$$ROOT' },
  ]),
  exists('limit-graph-lookup', '$limit: 2, $graphLookup', [
    { $limit: 2 },
    { $graphLookup: { from: 'orders', startWith: '$n', connectFromField: 'n', connectToField: 'n', as: 'same' } },
  ]),
  exists(
    'limit-densify',
    '$limit: 2, $densify',
    [{ $limit: 2 }, { $densify: { field: 'n', range: { step: 0.25, bounds: 'full' } } }],
    { expected: both('abandoned'), sameMatches: true },
  ),
  exists('sort-match-id', '$sort, $match: { _id }', [{ $sort: { n: -1 } }, { $match: { _id: 1 } }]),
  exists('sort-match-unique', '', [{ $sort: { n: -1 } }, { $match: { sku: 'sku-1' } }], {
    title: '`aggregate([$sort, $match: { sku }]).hasNext()`, `sku` has a unique index',
  }),
  exists('lookup-match-id', '$lookup, $match: { _id }', [LOOKUP, { $match: { _id: 1 } }]),
  exists('lookup-match-unique', '', [LOOKUP, { $set: { seen: true } }, { $match: { sku: 'sku-1' } }], {
    title: '`aggregate([$lookup, $set, $match: { sku }]).hasNext()`, `sku` has a unique index',
  }),
  exists(
    'lookup-into-match-id',
    '$lookup into `_id`, $match: { _id }',
    [{ $lookup: { from: 'orders', localField: 'tags', foreignField: 'n', as: '_id' } }, { $match: { _id: [] } }],
    OPEN,
  ),
  exists('project-match-id', '$project: { n: 1 }, $match: { _id }', [{ $project: { n: 1 } }, { $match: { _id: 1 } }]),
  exists(
    'project-match-made',
    "$project: { sku: 'a' }, $match: { sku }",
    [{ $project: { sku: { $literal: 'a' } } }, { $match: { sku: 'a' } }],
    OPEN,
  ),
  exists('match-expr-id', '$match: { $expr: { $eq: [_id, 1] } }', [{ $match: { $expr: { $eq: ['$_id', 1] } } }]),
  exists('match-or-unique', '', [{ $match: { $or: [{ sku: 'sku-1' }, { _id: 2 }] } }], {
    title: '`aggregate([$match: { $or: [{ sku }, { _id }] }]).hasNext()`, `sku` has a unique index',
  }),
  exists('ignore-undefined', '', [{ $match: { _id: undefined } }], {
    title: '`aggregate([$match: { _id: undefined }], { ignoreUndefined: true }).hasNext()`',
    run: async ({ orders }) =>
      void (await orders.aggregate([{ $match: { _id: undefined } }], { ignoreUndefined: true }).hasNext()),
    ...OPEN,
  }),
  exists('set-match-id', '$set: { _id: 1 }, $match: { _id }', [{ $set: { _id: 1 } }, { $match: { _id: 1 } }], OPEN),
  exists('union-limited', '$limit: 1, $unionWith: { pipeline: [$limit: 2] }', [
    { $limit: 1 },
    { $unionWith: { coll: 'orders', pipeline: [{ $limit: 2 }] } },
  ]),
  exists(
    'union-one-limited',
    '$unionWith: { pipeline: [$limit: 2] }',
    [{ $unionWith: { coll: 'orders', pipeline: [{ $limit: 2 }] } }],
    OPEN,
  ),
  searches('vector-search', '$vectorSearch: { limit: 5 }', [
    { $vectorSearch: { index: 'v', path: 'v', queryVector: [1], numCandidates: 50, limit: 5 } },
  ]),
  searches('search-meta', '$searchMeta', [{ $searchMeta: { count: { type: 'total' } } }]),
  searches('rank-fusion', '$rankFusion, each of its pipelines with a `$limit`', [
    { $rankFusion: { input: { pipelines: { a: [{ $sort: { n: 1 } }, { $limit: 2 }] } } } },
  ]),
  ...NUMBERS.map(
    ([id, type]): Construct => ({
      id: `aggregate-limit-${id}`,
      title: `\`aggregate([$limit: ${type}(2)]).hasNext()\``,
      expected: CLEAN,
      run: async (context) => void (await context.orders.aggregate([{ $limit: bson(context, type, 2) }]).hasNext()),
    }),
  ),
  ...NUMBERS.map(
    ([id, type]): Construct => ({
      id: `aggregate-batch-${id}`,
      title: `\`aggregate([$limit: 5], { batchSize: ${type}(9) }).hasNext()\``,
      expected: CLEAN,
      run: async (context) =>
        void (await context.orders
          .aggregate([{ $limit: 5 }], { batchSize: bson(context, type, 9) as never })
          .hasNext()),
    }),
  ),
  {
    id: 'aggregate-batch-small-long',
    title: '`aggregate([$limit: 5], { batchSize: Long(2) }).hasNext()`',
    expected: both('open'),
    run: async (context) =>
      void (await context.orders
        .aggregate([{ $limit: 5 }], { batchSize: bson(context, 'Long', 2) as never })
        .hasNext()),
  },
  {
    id: 'aggregate-next',
    title: '`aggregate([]).next()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => void (await orders.aggregate([]).next()),
  },
  {
    id: 'aggregate-next-close',
    title: '`aggregate([]).next()`, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.aggregate([])
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'aggregate-to-array',
    title: '`aggregate([]).toArray()`',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.aggregate([]).toArray()),
  },
  {
    id: 'aggregate-break',
    title: '`for await (… of aggregate([])) break`',
    expected: CLEAN,
    on: { 4: FORGOTTEN },
    run: async ({ orders }) => {
      for await (const _ of orders.aggregate([])) break
    },
  },
  {
    id: 'aggregate-builder',
    title: '`aggregate().match(…).limit(2).hasNext()`',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.aggregate().match({ status: 'new' }).limit(2).hasNext()),
  },
  {
    id: 'aggregate-batch',
    title: '`aggregate([], { cursor: { batchSize: 2 } }).next()` (`batchSize: 2` from 5 on)',
    expected: both('open'),
    run: async ({ orders }) => void (await orders.aggregate([], { batchSize: 2 }).next()),
  },
  {
    id: 'aggregate-batch-close',
    title: 'the same, then `close()`',
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.aggregate([], { batchSize: 2 })
      await cursor.next()
      await cursor.close()
    },
  },
  {
    id: 'aggregate-batch-limit',
    title: '`aggregate([$limit: 3], { batchSize: 2 }).hasNext()`',
    expected: both('open'),
    run: async ({ orders }) => void (await orders.aggregate([{ $limit: 3 }], { batchSize: 2 }).hasNext()),
  },
  {
    id: 'aggregate-clone',
    title: '`aggregate([])`, `clone().next()` once',
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const cursor = orders.aggregate([])
      await cursor.toArray()
      await cursor.clone().next()
    },
  },
  {
    id: 'aggregate-rewind',
    title: '`aggregate([])`, `next()`, `rewind()`',
    expected: ['idle', 'lost'],
    run: async ({ orders }) => {
      const cursor = orders.aggregate([])
      await cursor.next()
      cursor.rewind()
    },
  },
  {
    id: 'aggregate-rewind-closed',
    title: '`aggregate([])`, `next()`, `close()`, `rewind()`',
    expected: both('idle'),
    run: async ({ orders }) => {
      const cursor = orders.aggregate([])
      await cursor.next()
      await cursor.close()
      cursor.rewind()
    },
  },
  {
    id: 'aggregate-out',
    title: '`aggregate([$match, $out])`, `next()`',
    expected: CLEAN,
    run: async ({ orders }) => void (await orders.aggregate([{ $match: { n: 0 } }, { $out: 'copy' }]).next()),
  },
  {
    id: 'db-aggregate',
    title: '`db.aggregate([$documents: […]]).next()` once',
    // As many documents as the array in the code: more data does not change it.
    expected: CLEAN,
    run: async ({ db }) => void (await db.aggregate([{ $documents: [{ n: 1 }, { n: 2 }] }]).next()),
  },
  {
    id: 'db-aggregate-all',
    title: '`db.aggregate([$documents: […]]).toArray()`',
    expected: CLEAN,
    run: async ({ db }) => void (await db.aggregate([{ $documents: [{ n: 1 }, { n: 2 }] }]).toArray()),
  },
]
