import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import type mongoose9 from 'mongoose'
import type { Connection, mongo } from 'mongoose'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'
import { checkScope } from '../../src/check/check.ts'
import { configure, type Levels } from '../../src/options.ts'
import type { Leak } from '../../src/report/leak.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { contextOf, newScope } from '../../src/trace/scope.ts'
import { CHUNK, type Construct, type Item, type Use } from './constructs.ts'

/** Few: all of it in the server's first batch. Many: far more than that. */
export const AMOUNTS = { few: { items: 3, chunks: 3 }, many: { items: 2_000, chunks: 150 } }
export type Amount = keyof typeof AMOUNTS

/** What our check says and what the server counts of the same run; two facts that know nothing of each other. */
export interface Measured {
  leaks: Leak[]
  open: number
  /** Still open on the server once the check has closed what it failed. */
  left: number
}

type Db = mongo.Db
type ObjectId = mongo.ObjectId

export interface Bench {
  measure(construct: Pick<Construct, 'name' | 'run'>, amount: Amount): Promise<Measured>
  use: Record<Amount, Use>
  uri: string
  stop(): Promise<void>
}

/** A server of its own unless one is given, with both amounts of data, for one major of mongoose. */
export async function bench(
  mongoose: typeof mongoose9,
  major: number,
  { levels = {}, given }: { levels?: Levels; given?: Server } = {},
): Promise<Bench> {
  // Sessions and clients are judged elsewhere.
  configure({ levels: { session: 'off', client: 'off', ...levels } })
  // Before the majors' clients are built: only a class that is seen being built is watched.
  startTracing()
  const server = given ?? (await startServer({ own: true }))
  const oracle = await state().ownCalls.run(true, () => new MongoClient(server.uri).connect())
  const connections: Connection[] = []
  const open = (dbName: string): Connection => {
    const connection = mongoose.createConnection(server.uri, { dbName })
    connections.push(connection)
    return connection
  }
  const schema = () =>
    new mongoose.Schema<Item>({
      no: Number,
      name: String,
      friend: { type: mongoose.Schema.Types.ObjectId, ref: 'Item' },
    })
  const prepare = async (amount: Amount): Promise<Use> => {
    const connection = await open(amount).asPromise()
    const Item = connection.model<Item>('Item', schema())
    const slow = schema().pre('find', () => sleep(20))
    const Slow = connection.model<Item>('Slow', slow, 'items')
    const { items, chunks } = AMOUNTS[amount]
    await Promise.all([Item.init(), Slow.init()])
    await Item.deleteMany({})
    await Item.insertMany(Array.from({ length: items }, (_, no) => ({ no, name: `item ${no}` })))
    const bucket = new mongoose.mongo.GridFSBucket(connection.db as Db, { chunkSizeBytes: CHUNK })
    const upload = (size: number) =>
      new Promise<ObjectId>((resolve, reject) => {
        const stream = bucket.openUploadStream('file')
        stream.on('error', reject).end(Buffer.alloc(size, 1), () => resolve(stream.id as ObjectId))
      })
    return {
      ...{ Item, Slow, connection, bucket, major },
      connect: () => ({ Item: open(amount).model<Item>('Item', schema()) }),
      file: await upload(chunks * CHUNK),
      single: await upload(CHUNK),
      empty: await upload(0),
    }
  }
  const use = { few: await prepare('few'), many: await prepare('many') }
  const count = (): Promise<number> => state().ownCalls.run(true, () => openCursors(oracle))
  /** A close that nobody waits for is still on its way: the count when it has not changed for a while. */
  const settled = async (): Promise<number> => {
    let last = await count()
    for (let same = 0; same < 2; ) {
      await sleep(10)
      const now = await count()
      same = now === last ? same + 1 : 0
      last = now
    }
    return last
  }
  return {
    use,
    uri: server.uri,
    async measure(construct, amount) {
      const before = await settled()
      const file = newScope('file', 'a.test.ts')
      state().file = file
      const scope = { ...newScope('test', construct.name), file }
      state().running.add(scope)
      await state().als.run(contextOf(scope, 'body'), () => construct.run(use[amount]))
      scope.done = true
      state().running.delete(scope)
      const open = (await settled()) - before
      const { fail, warn } = await checkScope(scope)
      // What its test was told of is closed when the file is over.
      await checkScope(file)
      return { leaks: [...fail, ...warn], open, left: (await settled()) - before }
    },
    async stop() {
      stopTracing()
      for (const connection of connections) await connection.close()
      await oracle.close()
      if (!given) await server.stop()
    },
  }
}
