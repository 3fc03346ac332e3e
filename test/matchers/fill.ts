import { MongoClient } from 'mongodb'

/** More orders than one batch holds, in a database of its own. */
export async function fillOrders(uri: string, database: string): Promise<void> {
  const client = new MongoClient(uri)
  const orders = client.db(database).collection('orders')
  await orders.deleteMany({})
  await orders.insertMany(Array.from({ length: 150 }, (_, number) => ({ number })))
  await client.close()
}
