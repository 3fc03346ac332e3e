import fc from 'fast-check'
import type { Context } from '../verdicts/construct.ts'

/** One call on one of two cursors. */
export interface Step {
  slot: 0 | 1
  call: Call
  /** How many documents a loop reads before it stops. */
  count: number
}

const CALLS = [
  'next',
  'hasNext',
  'tryNext',
  'readBuffered',
  'toArray',
  'loop to the end',
  'loop and break',
  'loop and throw',
  'forEach and stop',
  'iterator.next',
  'iterator.return',
  'stream one',
  'stream.destroy',
  'close',
  'rewind',
  'clone',
] as const
export type Call = (typeof CALLS)[number]

export interface Program {
  /** Documents of the small run. */
  size: Small
  source: 'find' | 'aggregate'
  batchSize: number | undefined
  limit: number | undefined
  steps: Step[]
}

export const SMALL = [0, 1, 2, 3, 6, 20, 101, 130] as const
export type Small = (typeof SMALL)[number]
/** Above three batches and all that a program reads: a large batch needs the second size. */
export const BIG = [80, 450, 9_000] as const
const FEW = 10

/** Where a `forEach()` of driver 4 stops, the rest of its batch is gone, which by default is 1,000 documents behind the first. */
export function bigFor({ batchSize, steps }: Program): number {
  const isSmall = batchSize !== undefined && batchSize <= FEW
  if (steps.some(({ call }) => call === 'forEach and stop')) return isSmall ? BIG[1] : BIG[2]
  return isSmall ? BIG[0] : BIG[1]
}

const step: fc.Arbitrary<Step> = fc.record({
  slot: fc.constantFrom(0, 1),
  call: fc.constantFrom<Call[]>(...CALLS, 'next', 'next', 'hasNext'),
  count: fc.integer({ min: 1, max: 4 }),
})

export const program: fc.Arbitrary<Program> = fc.record({
  size: fc.constantFrom(...SMALL),
  source: fc.constantFrom('find', 'find', 'aggregate'),
  batchSize: fc.constantFrom(undefined, undefined, 2, 3, 5, FEW, 120),
  limit: fc.constantFrom(undefined, undefined, undefined, 1, 2, 4, 7, 101, 140),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})

/** As one would write it: what a counter-example is read from. */
export const show = ({ size, source, batchSize, limit, steps }: Program): string =>
  `${size} documents, ${source}, batchSize ${batchSize}, limit ${limit}: ` +
  steps.map(({ slot, call, count }) => `${'ab'[slot]}.${call}(${count})`).join(', ')

/** A collection of each size that programs read. */
export async function fill(client: Context['client']): Promise<void> {
  for (const size of [...SMALL, ...BIG]) {
    const documents = Array.from({ length: size }, (_, _id) => ({ _id }))
    if (size > 0) await client.db('model').collection<{ _id: number }>(`of${size}`).insertMany(documents)
  }
}
