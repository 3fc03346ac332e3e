import { MongoClient } from 'mongodb'
import { afterEach } from 'vitest'
import { changed, foundOut, type Mutant, part } from '../support/mutants.ts'
import { newest } from './columns.ts'
import { SIZES } from './construct.ts'
import { kindGroups } from './constructs/kinds.ts'

const OF_KINDS: readonly Mutant[] = [
  part('never judges a session', 'session-open', 'session', 'session', { judge: () => undefined }),
  part('never judges a client', 'client-open', 'client', 'client', { judge: () => undefined }),
  part('does not watch clients', 'client-closed', 'client', 'client', { watch: () => [] }),
  changed('does not know whose a cursor is', 'swept', 'trace/owner', () => ({ isOfClient: () => false })),
  changed('does not ask the server', 'unkilled', 'check/confirm', () => ({ confirmClosed: async () => {} })),
]

let stop: () => Promise<void>
afterEach(() => stop?.())

foundOut(OF_KINDS, async (ids, server) => {
  const { startTracing, stopTracing } = await import('../../src/trace/registry.ts')
  const { measureKind } = await import('./kinds-bench.ts')
  startTracing()
  const counter = await new MongoClient(server.uri).connect()
  stop = async () => {
    stopTracing()
    await counter.close()
  }
  for (const id of ids) {
    const kind = kindGroups.flatMap(({ kinds }) => kinds).find((one) => one.id === id)
    if (!kind) throw new Error(`no row ${id}`)
    for (const [i, size] of SIZES.entries()) {
      const orders = counter.db(`shop${size}`).collection('orders')
      if (!(await orders.findOne())) await orders.insertMany(Array.from({ length: size }, (_, n) => ({ n })))
      const wanted = kind.expected[i] ?? ''
      const cell = await measureKind(counter, kind, { mongodb: newest['7.9'], uri: server.uri, size }, wanted)
      if (cell !== wanted) return `${id} at ${size}: ${cell}`
    }
  }
  return undefined
})
