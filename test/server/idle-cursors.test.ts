import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'

let server: Server
let client: MongoClient
beforeAll(async () => {
  server = await startServer({ own: true, idleCursors: true })
  client = await new MongoClient(server.uri).connect()
}, 300_000)
afterAll(async () => {
  await client.close()
  await server.stop()
})

const listed = () =>
  client
    .db('admin')
    .aggregate([{ $currentOp: { allUsers: true, idleCursors: true } }, { $match: { type: 'idleCursor' } }])
    .toArray()

it.each([3, 2_000])('lists each open cursor of %i documents as a mongod does, and no closed one', async (count) => {
  const orders = client.db('idle').collection(`orders${count}`)
  await orders.insertMany(Array.from({ length: count }, (_, place) => ({ place })))
  const before = await openCursors(client)
  const cursor = orders.find({ place: { $gte: 0 } }, { noCursorTimeout: true, batchSize: 2 })
  await cursor.next()
  expect(await openCursors(client)).toBe(before + 1)
  const [row] = (await listed()).filter(({ ns }) => ns === orders.namespace)
  expect(row?.cursor).toMatchObject({
    noCursorTimeout: true,
    tailable: false,
    nBatchesReturned: 1,
    nDocsReturned: 2,
    originatingCommand: { find: orders.collectionName, filter: { place: { $gte: 0 } } },
  })
  expect(String(row?.cursor.cursorId)).toBe(String(cursor.id))
  expect(row?.cursor.createdDate).toBeInstanceOf(Date)
  await cursor.close()
  expect((await listed()).filter(({ ns }) => ns === orders.namespace)).toEqual([])
})
