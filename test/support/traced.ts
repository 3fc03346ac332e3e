import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, inject } from 'vitest'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'

/** Traces this file's tests, and connects a client for them. Registers the hooks: the file's own come between them. */
export function tracedClient(): () => MongoClient {
  let client: MongoClient
  beforeAll(async () => {
    startTracing()
    client = await new MongoClient(inject('mongoUri')).connect()
  })
  afterAll(async () => {
    stopTracing()
    await client.close()
  })
  return () => client
}
