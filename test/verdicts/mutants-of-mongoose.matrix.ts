import mongoose from 'mongoose'
import { afterEach } from 'vitest'
import { constructs, expected } from '../mongoose/constructs.ts'
import { changed, foundOut, type Mutant, part } from '../support/mutants.ts'

const front = (name: string, shownBy: string, change: object): Mutant =>
  part(name, shownBy, 'mongoose-cursor', 'mongooseCursor', ({ front }) => ({ front: { ...front, ...change } }))

const OF_MONGOOSE: readonly Mutant[] = [
  part("does not know mongoose's cursor", 'paused after the first data', 'mongoose-cursor', 'mongooseCursor', {
    recognise: () => false,
  }),
  front('forgets what mongoose has read ahead', 'populate with batchSize, next() once', { unread: () => 0 }),
  front('takes a stream in front for the end of its cursor', 'paused after the first data', { isEnded: () => true }),
  part('does not know GridFS', 'download stream never read', 'gridfs', 'gridfs', {
    recognise: () => false,
  }),
  changed('does not look behind what stands in front', 'find().cursor() never read', 'trace/link', () => ({
    linkFronts: () => {},
  })),
]

let stop: () => Promise<void>
afterEach(() => stop?.())

foundOut(OF_MONGOOSE, async (names, server) => {
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
})
