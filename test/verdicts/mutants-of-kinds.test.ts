import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { newest } from './columns.ts'
import { SIZES } from './construct.ts'
import { kindGroups } from './constructs/kinds.ts'
import { type Mutant, mutated, part } from './mutant.ts'

const OF_KINDS: readonly Mutant[] = [
  part('never judges a session', 'session-open', 'session', 'session', { judge: () => undefined }),
  part('never judges a client', 'client-open', 'client', 'client', { judge: () => undefined }),
  part('does not watch clients', 'client-closed', 'client', 'client', { watch: () => [] }),
  {
    name: 'does not know whose a cursor is',
    shownBy: 'swept',
    module: '../../src/trace/owner.ts',
    change: (module) => ({ ...module, isOfClient: () => false }),
  },
  {
    name: 'does not ask the server',
    shownBy: 'unkilled',
    module: '../../src/check/confirm.ts',
    change: () => ({ confirmClosed: async () => {} }),
  },
]

let server: Server
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server?.stop())
beforeEach(() => void vi.resetModules())
let stop: () => Promise<void>
afterEach(() => stop?.())

/** Whether one of the row's cells, as our modules are now, is not what it has to be. */
async function isWrong(id: string): Promise<boolean> {
  const { startTracing, stopTracing } = await import('../../src/trace/registry.ts')
  const { measureKind } = await import('./kinds-bench.ts')
  const kind = kindGroups.flatMap(({ kinds }) => kinds).find((one) => one.id === id)
  if (!kind) throw new Error(`no row ${id}`)
  startTracing()
  const counter = await new MongoClient(server.uri).connect()
  stop = async () => {
    stopTracing()
    await counter.close()
  }
  for (const [i, size] of SIZES.entries()) {
    const orders = counter.db(`shop${size}`).collection('orders')
    if (!(await orders.findOne())) await orders.insertMany(Array.from({ length: size }, (_, n) => ({ n })))
    const wanted = kind.expected[i] ?? ''
    const cell = await measureKind(counter, kind, { mongodb: newest['7.9'], uri: server.uri, size }, wanted)
    if (cell !== wanted) return true
  }
  return false
}

test.each(OF_KINDS)('a detector that $name is found out by $shownBy', async (mutant) => {
  expect(await mutated(mutant, () => isWrong(mutant.shownBy))).toBe(true)
})

test.each(OF_KINDS)('the detector as it is passes $shownBy', async ({ shownBy }) => {
  expect(await isWrong(shownBy)).toBe(false)
})
