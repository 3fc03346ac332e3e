import { CLEAN, type Construct, type Context, FORGOTTEN } from '../construct.ts'
import { quiet } from './iterating.ts'

const disposable = ({ orders }: Context) => Symbol.asyncDispose in orders.find()
const takesSignal = ({ version }: Context) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 6 || (major === 6 && minor >= 13)
}

/** Ends by `await using`, by a signal, and by way of sessions. */
export const disposing: Construct[] = [
  {
    id: 'await-using',
    title: '`await using cursor = find()`, `next()`',
    needs: disposable,
    expected: CLEAN,
    run: async ({ orders }) => {
      await using cursor = orders.find()
      await cursor.next()
    },
  },
  {
    id: 'await-using-throw',
    title: '`await using`, `next()`, an error',
    needs: disposable,
    expected: CLEAN,
    run: async ({ orders }) => {
      const work = async () => {
        await using cursor = orders.find()
        await cursor.next()
        throw new Error('expected')
      }
      await work().catch(() => {})
    },
  },
  {
    id: 'await-using-watch',
    title: '`await using stream = watch()`, `tryNext()`',
    needs: disposable,
    expected: CLEAN,
    run: async ({ orders }) => {
      await using stream = orders.watch([], { maxAwaitTimeMS: 20 })
      await stream.tryNext()
    },
  },
  {
    id: 'dispose',
    title: '`next()`, then `cursor[Symbol.asyncDispose]()`',
    needs: disposable,
    expected: CLEAN,
    run: async ({ orders }) => {
      const cursor = orders.find()
      await cursor.next()
      await cursor[Symbol.asyncDispose]()
    },
  },
  {
    id: 'signal',
    title: '`find({}, { signal })`, `next()`, never aborted',
    needs: takesSignal,
    expected: FORGOTTEN,
    run: async ({ orders }) => {
      const { signal } = new AbortController()
      await orders.find({}, { signal }).next()
    },
  },
  {
    id: 'signal-abort',
    title: '`find({}, { signal })`, `next()`, aborted',
    needs: takesSignal,
    // Over little data the driver has dropped its listener by then: nobody calls `close()`.
    expected: CLEAN,
    run: async ({ orders }) => {
      const controller = new AbortController()
      const cursor = orders.find({}, { signal: controller.signal })
      await cursor.next()
      controller.abort()
      await quiet()
      return [{ cursor }]
    },
  },
  {
    id: 'signal-loop',
    title: '`for await (… of find({}, { signal }))`, aborted at the first document',
    needs: takesSignal,
    expected: CLEAN,
    run: async ({ orders }) => {
      const controller = new AbortController()
      const loop = async () => {
        for await (const _ of orders.find({}, { signal: controller.signal })) controller.abort()
      }
      await loop().catch(() => {})
      await quiet()
    },
  },
  {
    id: 'signal-before',
    title: '`find({}, { signal }).next()`, aborted before',
    needs: takesSignal,
    expected: CLEAN,
    run: async ({ orders }) => {
      await orders
        .find({}, { signal: AbortSignal.abort() })
        .next()
        .catch(() => {})
    },
  },
]

const TRANSACTION =
  'whether a server keeps a cursor of a transaction that is over is not documented, only that nobody can read on; the stand-in keeps it'

/** Cursors in explicit sessions and transactions: judged by their own fields, like any other. */
export const inSessions: Construct[] = [
  {
    id: 'session-open',
    title: 'in an open session: `next()` once',
    expected: FORGOTTEN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      await orders.find({}, { session }).next()
      return { session }
    },
  },
  {
    id: 'session-close',
    title: 'in a session: `next()`, `close()`, `endSession()`',
    expected: CLEAN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      const cursor = orders.find({}, { session })
      await cursor.next()
      await cursor.close()
      await session.endSession()
    },
  },
  {
    id: 'session-all',
    title: 'in a session: `toArray()`, `endSession()`',
    expected: CLEAN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      await orders.find({}, { session }).toArray()
      await session.endSession()
    },
  },
  {
    id: 'session-ended',
    title: 'in a session: `next()`, then `endSession()`',
    // `endSession()` tells the server nothing: the session goes back to the client's pool, the cursor stays.
    expected: FORGOTTEN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      await orders.find({}, { session }).next()
      await session.endSession()
    },
  },
  {
    id: 'transaction-all',
    title: 'in a transaction: `toArray()`, committed',
    expected: CLEAN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      await session.withTransaction(async () => {
        await orders.find({}, { session }).toArray()
      })
      await session.endSession()
    },
  },
  {
    id: 'transaction-next',
    title: 'in a transaction: `next()`, committed',
    expected: FORGOTTEN,
    unproven: TRANSACTION,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      await session.withTransaction(async () => {
        await orders.find({}, { session }).next()
      })
      await session.endSession()
    },
  },
  {
    id: 'transaction-close',
    title: 'in a transaction: `next()`, `close()`, aborted',
    expected: CLEAN,
    run: async ({ client, orders }) => {
      const session = client.startSession()
      session.startTransaction()
      const cursor = orders.find({}, { session })
      await cursor.next()
      await cursor.close()
      await session.abortTransaction()
      await session.endSession()
    },
  },
]
