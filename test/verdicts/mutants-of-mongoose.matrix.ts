import mongoose from 'mongoose'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { constructs, expected } from '../mongoose/constructs.ts'
import { type Mutant, mutated, part } from './mutant.ts'

const front = (name: string, shownBy: string, change: object): Mutant => ({
  ...part(name, shownBy, 'mongoose-cursor', 'mongooseCursor', {}),
  change: ({ mongooseCursor }) => {
    const real = mongooseCursor as { front: object }
    return { mongooseCursor: { ...real, front: { ...real.front, ...change } } }
  },
})

const OF_MONGOOSE: readonly Mutant[] = [
  part("does not know mongoose's cursor", 'paused after the first data', 'mongoose-cursor', 'mongooseCursor', {
    recognise: () => false,
  }),
  front('forgets what mongoose has read ahead', 'populate with batchSize, next() once', { unread: () => 0 }),
  front('takes a stream in front for the end of its cursor', 'paused after the first data', { isEnded: () => true }),
  part('does not know GridFS', 'download stream never read', 'gridfs', 'gridfs', {
    recognise: () => false,
  }),
  {
    name: 'does not look behind what stands in front',
    shownBy: 'find().cursor() never read',
    module: '../../src/trace/link.ts',
    change: () => ({ linkFronts: () => {} }),
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

/** The first row of which a cell, as our modules are now, is not what it has to be. */
async function firstWrong(names: readonly string[]): Promise<string | undefined> {
  const { bench } = await import('../mongoose/measure.ts')
  const opened = await bench(mongoose, 9, { levels: { idle: 'warn', unfinished: 'warn' }, given: server })
  stop = () => opened.stop()
  for (const name of names) {
    const construct = constructs.find((one) => one.name === name)
    if (!construct) throw new Error(`no construct ${name}`)
    for (const amount of ['few', 'many'] as const) {
      const wanted = expected(construct, 9, amount === 'many')
      const { leaks, open } = await opened.measure(construct, amount)
      const states = leaks.map(({ state }) => state).join(' + ') || 'nothing'
      if (states !== wanted || open !== Number(wanted === 'open')) return name
    }
  }
  return undefined
}

test.each(OF_MONGOOSE)('a detector that $name is found out by: $shownBy', async (mutant) => {
  expect(await mutated(mutant, () => firstWrong([mutant.shownBy]))).toBe(mutant.shownBy)
})

test('the detector as it is passes all of these', async () => {
  expect(await firstWrong(OF_MONGOOSE.map(({ shownBy }) => shownBy))).toBeUndefined()
})
