import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'

/** The suite that every version and configuration has to agree on. */
export const SUITE = fileURLToPath(new URL('../../fixtures/vitest-suite', import.meta.url))

/** What its tests come to, as {@link readVerdicts} writes it. */
export const expected = (): string => readFileSync(path.join(SUITE, 'verdicts.txt'), 'utf8').trimEnd()

/** The five documents that the suite reads. */
export async function fill(uri: string): Promise<void> {
  const client = new MongoClient(uri)
  try {
    const things = client.db('cursorleak_vitest').collection<{ _id: number }>('things')
    for (const _id of [1, 2, 3, 4, 5]) await things.updateOne({ _id }, { $set: {} }, { upsert: true })
  } finally {
    await client.close()
  }
}
