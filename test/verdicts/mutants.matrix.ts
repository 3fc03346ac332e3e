import { afterEach } from 'vitest'
import { type Anything, changed, foundOut, type Mutant, part, unwatched } from '../support/mutants.ts'
import { MONGODB } from '../versions.ts'
import type { Bench } from './bench.ts'
import { newest } from './columns.ts'
import { expectedOf, SIZES } from './construct.ts'
import { constructs } from './constructs/index.ts'

/** A cursor's judge, changed. */
const judging = (name: string, shownBy: string, judge: (real: Anything, record: unknown) => unknown): Mutant =>
  part(name, shownBy, 'cursor', 'cursor', ({ judge: real }) => ({
    judge: (record: unknown) => judge(real as Anything, record),
  }))

const OPEN = { state: 'open', namespace: '', operation: '', fix: '', cursorId: '1' }
const idOf = (verdict: unknown) => (verdict as { cursorId?: string } | undefined)?.cursorId

const MUTANTS: readonly Mutant[] = [
  judging('always says no', 'next', () => undefined),
  judging('always says open', 'next', () => OPEN),
  judging('goes by the id on the server alone', 'has-next', (real, record) => {
    const verdict = real(record)
    return idOf(verdict) === undefined ? undefined : verdict
  }),
  unwatched('close', 'next-close'),
  unwatched('rewind', 'rewind'),
  unwatched('stream', 'stream-ahead'),
  unwatched('next', 'next-one-match'),
  changed("has no rule for the iterator's end", 'for-await-break', 'trace/resources/iterator', () => ({
    watchIterator: () => () => {},
  })),
  changed('knows no bounds', 'find-limit-1', 'trace/bounds/bound', () => ({
    boundOf: () => ({ kind: 'unbounded' }),
  })),
  changed('takes every result for bounded', 'has-next', 'trace/bounds/bound', () => ({
    boundOf: () => ({ kind: 'bounded' }),
  })),
  changed(
    'knows no stage that lifts a bound',
    'aggregate-limit-union',
    'trace/bounds/pipeline',
    ({ pipelineBound }) => ({
      pipelineBound: (stages: { $unwind?: unknown; $unionWith?: unknown }[]) =>
        (pipelineBound as Anything)(stages.filter((stage) => !stage.$unwind && !stage.$unionWith)),
    }),
  ),
  changed('knows no unique index', 'find-unique', 'trace/bounds/unique', () => ({ coversUnique: () => false })),
  changed('takes half of a unique index for all of it', 'find-unique-half-one', 'trace/bounds/unique', () => ({
    coversUnique: (indexes: { unique: boolean; key: string[] }[], { ways }: { ways: string[][] }) =>
      ways.every((fields) => indexes.some(({ unique, key }) => unique && key.some((name) => fields.includes(name)))),
  })),
  changed('does not see the first command', 'overlap-next-close', 'trace/resources/starting', () => ({
    watchStart: () => () => {},
  })),
  changed('does not see what reads on', 'overlap-read-on', 'trace/resources/starting', () => ({
    watchGetMore: () => [],
  })),
  changed('forgets no id', 'overlap-rewind', 'trace/resources/starting', () => ({ forgottenIds: () => [] })),
  changed('does not know what a close kills', 'overlap-next-close', 'trace/resources/starting', () => ({
    noteKilled: () => {},
  })),
  changed('misses a close that came too early', 'starting-close', 'trace/resources/lost', () => ({
    judgeClosedStarting: () => undefined,
  })),
  changed('does not see that an operation failed', 'error', 'trace/pending', () => ({ isRejected: () => false })),
]

let bench: Bench
afterEach(async () => {
  await bench?.stop()
})

foundOut(MUTANTS, async (ids, server) => {
  const { openBench } = await import('./bench.ts')
  bench = await openBench(newest['7.9'], server)
  const drivers = [
    await bench.connect('7.9', newest['7.9'], MONGODB['7.9']),
    await bench.connect('4.17', newest['4.17'], MONGODB['4.17']),
  ]
  for (const id of ids) {
    const construct = constructs.find((one) => one.id === id)
    if (!construct) throw new Error(`no construct ${id}`)
    for (const driver of drivers) {
      if (!bench.has(construct, driver)) continue
      for (const [i, size] of SIZES.entries()) {
        const { verdict, server, claimed } = await bench.measure(construct, driver, size)
        if (verdict !== expectedOf(construct, driver.version)[i] || server !== claimed)
          return `${id} at ${size} on ${driver.name}: ${verdict}, ${server} on the server`
      }
    }
  }
  return undefined
})
