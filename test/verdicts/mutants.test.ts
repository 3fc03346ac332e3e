import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { MONGODB } from '../versions.ts'
import type { Bench } from './bench.ts'
import { newest } from './columns.ts'
import { expectedOf, SIZES } from './construct.ts'
import { constructs } from './constructs/index.ts'
import { SUBSET } from './subset.ts'

type Module = Record<string, unknown>
type Anything = (...args: unknown[]) => unknown

interface Mutant {
  name: string
  module: string
  change(module: Module): Module
  /** The construct that shows it, tried first; the rest of the subset follows. */
  shownBy: string
}

const CURSOR = '../../src/trace/resources/cursor.ts'
const BOUND = '../../src/trace/bounds/bound.ts'
const UNIQUE = '../../src/trace/bounds/unique.ts'

/** A cursor's judge, changed. */
const judging = (name: string, shownBy: string, judge: (real: Anything, record: unknown) => unknown): Mutant => ({
  name,
  shownBy,
  module: CURSOR,
  change: ({ cursor }) => {
    const real = cursor as { judge: Anything }
    return { cursor: { ...real, judge: (record: unknown) => judge(real.judge, record) } }
  },
})

/** One of the driver's methods is not watched. */
const unwatched = (method: string, shownBy: string): Mutant => ({
  name: `does not see ${method}()`,
  shownBy,
  module: '../../src/trace/patch.ts',
  change: ({ wrapMethod }) => ({
    wrapMethod: (proto: object, key: PropertyKey, wrap: unknown) =>
      key === method && Object.hasOwn(proto, 'bufferedCount') ? () => {} : (wrapMethod as Anything)(proto, key, wrap),
  }),
})

/** One function of a module, replaced. */
const replaced = (name: string, shownBy: string, module: string, change: Mutant['change']): Mutant => ({
  name,
  shownBy,
  module,
  change,
})

const OPEN = { state: 'open', namespace: '', operation: '', fix: '', cursorId: '1' }
const idOf = (verdict: unknown) => (verdict as { cursorId?: string } | undefined)?.cursorId

/** Detectors with a fault, each of the kind that a mistake makes. */
const MUTANTS: readonly Mutant[] = [
  judging('always says no', 'next', () => undefined),
  judging('always says open', 'next-close', () => OPEN),
  judging('goes by the id on the server alone', 'has-next', (real, record) => {
    const verdict = real(record)
    return idOf(verdict) === undefined ? undefined : verdict
  }),
  unwatched('close', 'next-close'),
  unwatched('rewind', 'rewind'),
  unwatched('stream', 'stream-ahead'),
  unwatched('next', 'next-all'),
  replaced("has no rule for the iterator's end", 'for-await-break', '../../src/trace/resources/iterator.ts', () => ({
    watchIterator: () => () => {},
  })),
  replaced('knows no bounds', 'find-limit-1', BOUND, () => ({ boundOf: () => ({ kind: 'unbounded' }) })),
  replaced('takes every result for bounded', 'has-next', BOUND, () => ({ boundOf: () => ({ kind: 'bounded' }) })),
  replaced(
    'knows no stage that lifts a bound',
    'aggregate-limit-union',
    '../../src/trace/bounds/pipeline.ts',
    ({ pipelineBound }) => ({
      pipelineBound: (stages: { $unwind?: unknown; $unionWith?: unknown }[]) =>
        (pipelineBound as Anything)(stages.filter((stage) => !stage.$unwind && !stage.$unionWith)),
    }),
  ),
  replaced('knows no unique index', 'find-unique', UNIQUE, () => ({ coversUnique: () => false })),
  replaced('takes half of a unique index for all of it', 'find-unique-half', UNIQUE, () => ({
    coversUnique: (indexes: { unique: boolean; key: string[] }[], fields: string[]) =>
      indexes.some(({ unique, key }) => unique && key.some((name) => fields.includes(name))),
  })),
  replaced('does not see that an operation failed', 'error', '../../src/trace/pending.ts', () => ({
    isRejected: () => false,
  })),
]

let server: Awaited<ReturnType<typeof startServer>>
let bench: Bench

beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server?.stop())
beforeEach(() => void vi.resetModules())
afterEach(async () => {
  await bench?.stop()
})

/** Loads our modules anew, and runs constructs until a cell is wrong. */
async function firstWrong(ids: Iterable<string>): Promise<string | undefined> {
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
}

test.each(MUTANTS)('a detector that $name is found out', async ({ module, change, shownBy }) => {
  vi.doMock(module, async (original) => {
    const real = await original<Module>()
    return { ...real, ...change(real) }
  })
  try {
    expect(await firstWrong(new Set([shownBy, ...SUBSET]))).toBeTypeOf('string')
  } finally {
    vi.doUnmock(module)
  }
})

test('the detector as it is fails none of these', async () => {
  expect(await firstWrong(new Set(MUTANTS.map(({ shownBy }) => shownBy)))).toBeUndefined()
})
