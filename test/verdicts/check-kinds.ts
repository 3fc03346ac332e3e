import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { state } from '../../src/state.ts'
import type { Bench, Connected } from './bench.ts'
import { expectedOf, SIZES } from './construct.ts'
import { kindGroups } from './constructs/kinds.ts'
import type { Kind } from './kind.ts'
import { measureKind } from './kinds-bench.ts'
import type { Cells } from './table.ts'

/** Registers one test a row of sessions, clients and hidden ends, as `checkAll` does for constructs. */
export function checkKinds(bench: () => Bench, driver: () => Connected, cells: Cells): void {
  let counter: MongoClient
  beforeAll(async () => {
    counter = await state().ownCalls.run(true, () => new MongoClient(bench().server.uri).connect())
    // A transaction that makes its collection would conflict with the next one that does.
    await counter.db('kinds').collection('notes').insertOne({ first: true })
  })
  afterAll(() => counter?.close())
  for (const { title, kinds } of kindGroups) {
    describe(title, () => {
      test.each(kinds)('$id', async (kind) => {
        const found = await bothSizes(counter, kind, bench().server.uri, driver())
        cells[kind.id] = found
        expect(found).toEqual(expectedOf(kind, driver().version))
      })
    })
  }
}

export async function bothSizes(
  counter: MongoClient,
  kind: Kind,
  uri: string,
  { mongodb, version }: Connected,
): Promise<[string, string]> {
  const [small, large] = SIZES
  const [few, many] = expectedOf(kind, version)
  return [
    await measureKind(counter, kind, { mongodb, uri, size: small }, few),
    await measureKind(counter, kind, { mongodb, uri, size: large }, many),
  ]
}
