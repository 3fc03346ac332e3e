import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'
import { closes, isOpen } from './child.ts'
import { drivers } from './drivers.ts'

let server: Server

beforeAll(async () => {
  server = await startServer({ own: true })
}, 300_000)

afterAll(() => server?.stop())

test('is a replica set of one', async () => {
  const [, { MongoClient }] = drivers[3]
  await using client = new MongoClient(server.uri)
  const hello = await client.db('admin').command({ hello: 1 })
  expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
  expect(hello).toMatchObject({ isWritablePrimary: true, setName: 'rs0', hosts: [new URL(server.uri).host] })
  expect(server.line).toContain(server.version)
  expect(server.line).toContain(new URL(server.uri).host)
})

test('takes fail points', async () => {
  const [, { MongoClient }] = drivers[3]
  await using client = new MongoClient(server.uri, { retryReads: false })
  const data = { failCommands: ['find'], errorCode: 11600 }
  await client.db('admin').command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data })
  await expect(client.db('shop').collection('orders').findOne()).rejects.toMatchObject({ code: 11600 })
})

test.each(drivers)('driver %s: the oracle counts a cursor until it is closed', async (major, { MongoClient }) => {
  const client = await new MongoClient(server.uri).connect()
  try {
    const orders = client.db(`oracle${major}`).collection('orders')
    await orders.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
    const before = await openCursors(client)
    const cursor = orders.find()
    await cursor.next()
    expect(await openCursors(client)).toBe(before + 1)
    await cursor.close()
    expect(await openCursors(client)).toBe(before)
  } finally {
    await client.close()
  }
})

test.each(drivers)('driver %s: change streams, transactions and GridFS work', async (major, driver) => {
  const client = await new driver.MongoClient(server.uri).connect()
  try {
    const db = client.db(`features${major}`)
    const orders = db.collection<{ n: number }>('orders')
    await orders.insertOne({ n: 0 })

    const stream = orders.watch()
    const change = stream.next()
    // The change has to come after the stream was opened on the server.
    const inserting = setInterval(() => void orders.insertOne({ n: 1 }), 50)
    try {
      expect(await change).toMatchObject({ operationType: 'insert', fullDocument: { n: 1 } })
    } finally {
      clearInterval(inserting)
    }
    await stream.close()

    const session = client.startSession()
    await session.withTransaction(async () => void (await orders.insertOne({ n: 2 }, { session })))
    session.startTransaction()
    await orders.insertOne({ n: 3 }, { session })
    await session.abortTransaction()
    await session.endSession()
    expect(await orders.countDocuments({ n: { $in: [2, 3] } })).toBe(1)

    const bucket = new driver.GridFSBucket(db)
    const upload = bucket.openUploadStream('report.csv')
    upload.end('a;b')
    await once(upload, 'finish')
    const chunks = await bucket.openDownloadStream(upload.id).toArray()
    expect(Buffer.concat(chunks).toString()).toBe('a;b')
  } finally {
    await client.close()
  }
})

test('two at once are two servers, and stop ends only its own', async () => {
  const other = await startServer({ own: true })
  expect(other.uri).not.toBe(server.uri)
  await other.stop()
  await other.stop()
  expect(await closes(other.uri)).toBe(true)
  expect(await isOpen(server.uri)).toBe(true)
})
