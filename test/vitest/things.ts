import { MongoClient } from 'mongodb'

/** The five documents that the small fixtures read. */
export async function fill(uri: string): Promise<void> {
  const client = new MongoClient(uri)
  try {
    const things = client.db('cursorleak_vitest').collection<{ _id: number }>('things')
    for (const _id of [1, 2, 3, 4, 5]) await things.updateOne({ _id }, { $set: {} }, { upsert: true })
  } finally {
    await client.close()
  }
}
