import type { Document } from 'mongodb'
import { both, CLEAN, type Construct, type Context, type Pair } from '../construct.ts'

/** A reply that holds the whole of little data brings no cursor. */
const LEFT: Pair = ['clean', 'open']

/** One id in a thousand is so small that the driver makes a number of it, which the server takes for no id. */
function idOf({ cursor }: Document, { mongodb }: Context): unknown {
  return typeof cursor.id === 'number' ? mongodb.Long.fromNumber(cursor.id) : cursor.id
}

const find = ({ db }: Context, options: Document = { batchSize: 2 }): Promise<Document> =>
  db.command({ find: 'orders', ...options })

const getMore = async (context: Context, reply: Document): Promise<Document> =>
  context.db.command({ getMore: idOf(reply, context), collection: 'orders' })

const kill = (context: Context, replies: Document[]): Promise<Document> =>
  context.db.command({ killCursors: 'orders', cursors: replies.map((reply) => idOf(reply, context)) })

/** Commands sent by hand, for whose cursor the driver has no object. */
export const commanding: Construct[] = [
  {
    id: 'command-find',
    title: "`db.command({ find: 'orders' })`",
    expected: LEFT,
    run: (context) => find(context, {}),
  },
  {
    id: 'command-find-batch',
    title: "`db.command({ find: 'orders', batchSize: 2 })`",
    expected: both('open'),
    run: (context) => find(context),
  },
  {
    id: 'command-find-single',
    title: 'the same with `singleBatch: true`',
    expected: CLEAN,
    run: (context) => find(context, { batchSize: 2, singleBatch: true }),
  },
  {
    id: 'command-find-more',
    title: 'the same, then `getMore` until the id is 0',
    expected: CLEAN,
    async run(context) {
      let reply = await find(context)
      while (Number(reply.cursor.id) !== 0) reply = await getMore(context, reply)
    },
  },
  {
    id: 'command-find-one-more',
    title: 'the same with `batchSize: 1`, then one `getMore` with `batchSize: 1`',
    expected: both('open'),
    async run(context) {
      const reply = await find(context, { batchSize: 1 })
      const { db } = context
      return db.command({ getMore: idOf(reply, context), collection: 'orders', batchSize: 1 })
    },
  },
  {
    id: 'command-find-killed',
    title: 'the same, then `killCursors`',
    expected: CLEAN,
    run: async (context) => kill(context, [await find(context)]),
  },
  {
    id: 'command-find-two',
    title: 'three at once, of which one is killed',
    expected: both('2 open'),
    async run(context) {
      const [one] = await Promise.all([find(context), find(context), find(context)])
      return kill(context, [one])
    },
  },
  {
    id: 'command-aggregate',
    title: "`db.command({ aggregate: 'orders', pipeline: [], cursor: { batchSize: 0 } })`",
    expected: both('open'),
    run: ({ db }) => db.command({ aggregate: 'orders', pipeline: [], cursor: { batchSize: 0 } }),
  },
  {
    id: 'command-list-indexes',
    title: "`db.command({ listIndexes: 'orders', cursor: { batchSize: 2 } })`, 4 indexes",
    expected: both('open'),
    run: ({ db }) => db.command({ listIndexes: 'orders', cursor: { batchSize: 2 } }),
  },
  {
    id: 'command-unpromoted',
    title: 'an id that is not promoted: `{ promoteLongs: false }`',
    expected: both('open'),
    run: ({ db }) => db.command({ find: 'orders', batchSize: 2 }, { promoteLongs: false }),
  },
  {
    id: 'command-other',
    title: "`db.command({ count: 'orders' })`, `ping`, `distinct`",
    expected: CLEAN,
    async run({ db }) {
      await db.command({ count: 'orders' })
      await db.command({ ping: 1 })
      await db.command({ distinct: 'orders', key: 'shop' })
    },
  },
]
