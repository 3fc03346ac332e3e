import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientSession, MongoClient } from 'mongodb'
import { type Kind, type KindContext, TIMES } from '../kind.ts'

const ordersOf = (client: MongoClient, { size }: KindContext) => client.db(`shop${size}`).collection('orders')
const notesOf = ({ client }: KindContext) => client.db('kinds').collection('notes')
const both = (cell: string) => [cell, cell] as const
const nothing = async (work: Promise<unknown>): Promise<undefined> => {
  await work
  return undefined
}

/** A session that the server knows of: it is told with the first command. */
async function used(context: KindContext): Promise<ClientSession> {
  const session = context.client.startSession()
  await notesOf(context).findOne({}, { session })
  return session
}

async function writing(context: KindContext): Promise<ClientSession> {
  const session = context.client.startSession()
  session.startTransaction()
  await notesOf(context).insertOne({ a: 1 }, { session })
  return session
}

/**
 * An ended session goes back to its client's pool, where the next one takes it; the server is told when the client closes.
 * So five that were ended one after the other are one on the server, and five that were not are five.
 */
export const sessions: Kind[] = [
  {
    id: 'session-open',
    title: '`startSession()` and a command, five times, none ended',
    counts: 'sessions',
    expected: both('5 session open · 5'),
    run: async (context) => {
      for (let i = 0; i < TIMES; i++) await used(context)
      return undefined
    },
  },
  {
    id: 'session-ended',
    title: '`startSession()`, a command, `endSession()`, five times',
    counts: 'sessions',
    expected: both('clean · 1'),
    run: async (context) => {
      for (let i = 0; i < TIMES; i++) await (await used(context)).endSession()
      return undefined
    },
  },
  {
    id: 'session-with',
    title: '`withSession()`, five times',
    counts: 'sessions',
    expected: both('clean · 1'),
    run: async (context) => {
      const find = async (session: ClientSession) => void (await notesOf(context).findOne({}, { session }))
      for (let i = 0; i < TIMES; i++) await context.client.withSession(find)
      return undefined
    },
  },
  {
    id: 'session-implicit',
    title: '`findOne()`, five times: sessions that the driver makes itself',
    counts: 'sessions',
    expected: both('clean · 1'),
    run: async (context) => {
      for (let i = 0; i < TIMES; i++) await notesOf(context).findOne()
      return undefined
    },
  },
  {
    id: 'session-swept',
    title: '`startSession()` and a command, then `client.close()`',
    counts: 'sessions',
    expected: both('session swept · 1'),
    run: async (context) => {
      await used(context)
      const { sessions } = await context.grown()
      await context.client.close()
      return sessions
    },
  },
  {
    id: 'transaction-open',
    title: '`startTransaction()`, an insert, left open',
    counts: 'transactions',
    expected: both('session open · 1'),
    run: (context) => nothing(writing(context)),
  },
  {
    id: 'transaction-committed',
    title: 'the same, `commitTransaction()`, `endSession()`',
    counts: 'transactions',
    expected: both('clean · 0'),
    run: async (context) => {
      const session = await writing(context)
      await session.commitTransaction()
      await session.endSession()
      return undefined
    },
  },
  {
    id: 'transaction-not-ended',
    title: 'the same, `commitTransaction()` without `endSession()`',
    counts: 'transactions',
    expected: both('session open · 0'),
    run: async (context) => nothing((await writing(context)).commitTransaction()),
  },
  {
    id: 'transaction-aborted',
    title: 'the same, `abortTransaction()`, `endSession()`',
    counts: 'transactions',
    expected: both('clean · 0'),
    run: async (context) => {
      const session = await writing(context)
      await session.abortTransaction()
      await session.endSession()
      return undefined
    },
  },
  {
    id: 'transaction-ended',
    title: 'the same, only `endSession()`, which aborts',
    counts: 'transactions',
    expected: both('clean · 0'),
    run: async (context) => nothing((await writing(context)).endSession()),
  },
  {
    id: 'transaction-with',
    title: '`withTransaction()` whose callback throws, `endSession()`',
    counts: 'transactions',
    expected: both('clean · 0'),
    run: async (context) => {
      const session = context.client.startSession()
      const failing = async () => {
        await notesOf(context).insertOne({ a: 1 }, { session })
        throw new Error('expected')
      }
      await session.withTransaction(failing).catch(() => {})
      await session.endSession()
      return undefined
    },
  },
]

const newClient = ({ mongodb, uri }: KindContext): MongoClient => new mongodb.MongoClient(uri)

export const clients: Kind[] = [
  {
    id: 'client-open',
    title: '`connect()`, never closed',
    counts: 'connections',
    expected: both('client open · connected'),
    run: (context) => nothing(newClient(context).connect()),
  },
  {
    id: 'client-closed',
    title: '`connect()`, `close()`',
    counts: 'connections',
    expected: both('clean · gone'),
    run: async (context) => nothing((await newClient(context).connect()).close()),
  },
  {
    id: 'client-closed-twice',
    title: '`connect()`, `close()`, `close()`',
    counts: 'connections',
    expected: both('clean · gone'),
    run: async (context) => {
      const client = await newClient(context).connect()
      await client.close()
      await client.close()
      return undefined
    },
  },
  {
    id: 'client-again',
    title: '`connect()`, `close()`, `connect()`',
    counts: 'connections',
    expected: both('client open · connected'),
    run: async (context) => {
      const client = await newClient(context).connect()
      await client.close()
      return nothing(client.connect())
    },
  },
  {
    id: 'client-idle',
    title: '`new MongoClient()`, never connected',
    counts: 'connections',
    expected: both('client idle · gone'),
    run: async (context) => {
      newClient(context)
      return undefined
    },
  },
]

/** Reads with a client of its own, counts what is open then, and closes the client. */
async function thenCloses(context: KindContext, read: (client: MongoClient) => Promise<unknown>): Promise<number> {
  const client = await newClient(context).connect()
  await read(client)
  const { cursors } = await context.grown()
  await client.close()
  return cursors
}

/** What is open on the server just before the client closes: afterwards there is no cursor to be judged. */
export const swept: Kind[] = [
  {
    id: 'swept',
    title: '`find().next()` once, then `client.close()`',
    counts: 'cursors',
    expected: ['cursor abandoned · 0', 'cursor swept · 1'],
    run: (context) => thenCloses(context, (client) => ordersOf(client, context).find().next()),
  },
  {
    id: 'swept-batch',
    title: '`find().batchSize(2).next()` once, then `client.close()`',
    counts: 'cursors',
    expected: both('cursor swept · 1'),
    run: (context) => thenCloses(context, (client) => ordersOf(client, context).find().batchSize(2).next()),
  },
  {
    id: 'swept-closed',
    title: '`find().next()`, `cursor.close()`, then `client.close()`',
    counts: 'cursors',
    expected: both('clean · 0'),
    run: (context) =>
      thenCloses(context, async (client) => {
        const cursor = ordersOf(client, context).find()
        await cursor.next()
        await cursor.close()
      }),
  },
  {
    id: 'swept-all',
    title: '`find().toArray()`, then `client.close()`',
    counts: 'cursors',
    expected: both('clean · 0'),
    run: (context) => thenCloses(context, (client) => ordersOf(client, context).find().toArray()),
  },
  {
    id: 'swept-idle',
    title: '`find()`, never read, then `client.close()`',
    counts: 'cursors',
    expected: both('clean · 0'),
    run: (context) => thenCloses(context, async (client) => void ordersOf(client, context).find()),
  },
  {
    id: 'swept-watch',
    title: '`watch().tryNext()` once, then `client.close()`',
    counts: 'cursors',
    expected: both('changeStream swept · 1'),
    run: (context) =>
      thenCloses(context, (client) => ordersOf(client, context).watch([], { maxAwaitTimeMS: 20 }).tryNext()),
  },
]

/** Streams a find, and destroys the stream when `wait` is over after the first document. */
async function destroyed(context: KindContext, wait: () => Promise<unknown>): Promise<undefined> {
  const stream = ordersOf(context.client, context).find().stream()
  const closed = new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject))
  stream.once('data', () => {
    stream.pause()
    void wait().then(() => stream.destroy())
  })
  await closed
  // What is on its way to the server has to arrive.
  await sleep(20)
  return undefined
}

/** Asked with `confirm: true`: closed here, and alive on the server. */
export const unkilled: Kind[] = [
  {
    id: 'unkilled',
    title: '`stream()`, `destroy()` in the same turn as the first `data`',
    counts: 'cursors',
    expected: ['clean · 0', 'cursor unkilled · 1'],
    on: { 4: both('clean · 0'), 5: both('clean · 0'), '6.0': both('clean · 0') },
    run: (context) => destroyed(context, async () => {}),
  },
  {
    id: 'unkilled-later',
    title: '`stream()`, `destroy()` a while after the first `data`',
    counts: 'cursors',
    expected: both('clean · 0'),
    run: (context) => destroyed(context, () => sleep(20)),
  },
  {
    id: 'unkilled-closed',
    title: '`find().next()`, `close()`',
    counts: 'cursors',
    expected: both('clean · 0'),
    run: async (context) => {
      const cursor = ordersOf(context.client, context).find()
      await cursor.next()
      await cursor.close()
      return undefined
    },
  },
]

export const kindGroups: ReadonlyArray<{ title: string; kinds: readonly Kind[] }> = [
  { title: 'Sessions and transactions', kinds: sessions },
  { title: 'Clients', kinds: clients },
  { title: 'Cursors whose client closes', kinds: swept },
  { title: '`confirm: true`: closed here, alive there', kinds: unkilled },
]
