import fc from 'fast-check'
import { changed, foundOut, part, unwatched } from '../support/mutants.ts'
import { newest } from '../verdicts/columns.ts'
import type { Context } from '../verdicts/construct.ts'
import { fill, program } from './program.ts'

const PROGRAMS = 150
/** Fixed: whether a fault is found must not depend on the day. */
const SEED = 5
/** What a wrong program is told with: how much data it ran on. */
const ANY = 'documents'

/** Faults that random programs have to find without being told where to look. */
const MUTANTS = [
  part('says nothing', ANY, 'cursor', 'cursor', { judge: () => undefined }),
  unwatched('rewind', ANY),
  unwatched('close', ANY),
  changed("has no rule for the iterator's end", ANY, 'trace/resources/iterator', () => ({
    watchIterator: () => () => {},
  })),
  changed('knows no bounds', ANY, 'trace/bounds/bound', () => ({ boundOf: () => ({ kind: 'unbounded' }) })),
]

let filled: Promise<void> | undefined

foundOut(MUTANTS, async (_rows, server) => {
  const { startTracing, stopTracing } = await import('../../src/trace/registry.ts')
  const { compare } = await import('./compare.ts')
  startTracing()
  const client: Context['client'] = await new newest['7.9'].MongoClient(server.uri).connect()
  try {
    filled ??= fill(client)
    await filled
    const property = fc.asyncProperty(program, async (one) => void (await compare(client, 7, one)))
    const found = await fc.check(property, { seed: SEED, numRuns: PROGRAMS, endOnFailure: true })
    return found.failed ? String(found.errorInstance) : undefined
  } finally {
    stopTracing()
    await client.close()
  }
})
