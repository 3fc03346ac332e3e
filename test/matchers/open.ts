import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Collection, FindCursor } from 'mongodb'
import { firstLine } from '../server/child.ts'

/** Two batches at least, where there are three documents. */
export async function openOne(orders: Collection, options: object = {}): Promise<FindCursor> {
  const cursor = orders.find({}, { batchSize: 2, ...options })
  await cursor.next()
  return cursor
}

/** As a shell script would: the driver makes no cursor object for it. */
export async function openByCommand(orders: Collection): Promise<() => Promise<unknown>> {
  const db = orders.db
  const { cursor } = await db.command({ find: orders.collectionName, batchSize: 2 })
  return () => db.command({ killCursors: orders.collectionName, cursors: [cursor.id] })
}

/** A process of its own that holds one cursor, until it is told to close it. */
export async function openElsewhere(uri: string, database: string, name: string): Promise<() => Promise<unknown>> {
  const driver = createRequire(import.meta.url).resolve('mongodb')
  const script = `
    const { MongoClient } = require(${JSON.stringify(driver)})
    const client = new MongoClient(${JSON.stringify(uri)})
    const cursor = client.db(${JSON.stringify(database)}).collection(${JSON.stringify(name)}).find({}, { batchSize: 2 })
    cursor.next().then(() => console.log('open'))
    process.stdin.resume().once('end', async () => {
      await cursor.close()
      await client.close()
    })`
  const child = spawn(process.execPath, ['-e', script])
  await firstLine(child)
  return () => new Promise((resolve) => child.once('close', resolve).stdin.end())
}
