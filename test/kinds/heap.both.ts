import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { state } from '../../src/state.ts'
import { phase } from '../support/phase.ts'
import { tracedClient } from '../support/traced.ts'
import { judged, verdicts } from './judged.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void
const heap = (): number => {
  gc()
  gc()
  return process.memoryUsage().heapUsed
}

/** Kept alive by their stacks and records, the cursors would hold several times this much. */
const LIMIT = 6_000_000

function heapSuite(times: number, bytes: number, timeout: number): void {
  const client = tracedClient()

  test(`one test with ${times} sequential find().toArray() keeps a bounded heap`, { timeout }, async () => {
    const items = client().db('cursorleak_heap').collection('items')
    await items.deleteMany({})
    await items.insertOne({ payload: 'x'.repeat(bytes) })
    const { test } = await judged(async () => {
      const read = async (count: number) => {
        for (let i = 0; i < count; i++) await items.find({}).toArray()
      }
      await read(100)
      const before = heap()
      await read(times)
      expect(heap() - before).toBeLessThan(LIMIT)
      for (const { records } of state().running) expect(records.size).toBeLessThan(512)
    })
    expect(verdicts(test)).toEqual([])
    await items.drop()
  })
}

if (phase === 'test') heapSuite(700, 100, 60_000)
// As many as fit into a matrix: some hundred cursors a second on a busy machine.
else heapSuite(10_000, 100, 600_000)
