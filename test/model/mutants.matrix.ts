import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { newest } from '../verdicts/columns.ts'
import type { Context } from '../verdicts/construct.ts'
import { BIG, program, SMALL } from './program.ts'

type Module = Record<string, unknown>
type Anything = (...args: unknown[]) => unknown

const CURSOR = '../../src/trace/resources/cursor.ts'
const PROGRAMS = 150
/** Fixed: whether a fault is found must not depend on the day. */
const SEED = 5

/** A method of the cursor's class is not watched. */
const unwatched = (method: string) => ({
  wrapMethod: (real: Anything) => (proto: object, key: PropertyKey, wrap: unknown) =>
    key === method && Object.hasOwn(proto, 'bufferedCount') ? () => {} : real(proto, key, wrap),
})

/** Faults that random programs have to find without being told where to look, each a replaced export of a module. */
const MUTANTS: Array<[string, string, Record<string, (real: never) => unknown>]> = [
  ['says nothing', CURSOR, { cursor: (real: object) => ({ ...real, judge: () => undefined }) }],
  ['does not see rewind()', '../../src/trace/patch.ts', unwatched('rewind')],
  ['does not see close()', '../../src/trace/patch.ts', unwatched('close')],
  [
    "has no rule for the iterator's end",
    '../../src/trace/resources/iterator.ts',
    { watchIterator: () => () => () => {} },
  ],
  ['knows no bounds', '../../src/trace/bounds/bound.ts', { boundOf: () => () => ({ kind: 'unbounded' }) }],
]

let server: Server

beforeAll(async () => {
  server = await startServer({ own: true })
  const client = await new newest['7.9'].MongoClient(server.uri).connect()
  for (const size of [...SMALL, ...BIG]) {
    const documents = Array.from({ length: size }, (_, _id) => ({ _id }))
    if (size > 0) await client.db('model').collection<{ _id: number }>(`of${size}`).insertMany(documents)
  }
  await client.close()
})
afterAll(() => server?.stop())
beforeEach(() => void vi.resetModules())

/** Loads our modules anew and runs programs until one is judged wrong. */
async function firstWrong(): Promise<string | undefined> {
  const { startTracing, stopTracing } = await import('../../src/trace/registry.ts')
  const { compare } = await import('./compare.ts')
  startTracing()
  const client: Context['client'] = await new newest['7.9'].MongoClient(server.uri).connect()
  try {
    const property = fc.asyncProperty(program, async (one) => void (await compare(client, 7, one)))
    const found = await fc.check(property, { seed: SEED, numRuns: PROGRAMS, endOnFailure: true })
    return found.failed ? String(found.errorInstance) : undefined
  } finally {
    stopTracing()
    await client.close()
  }
}

test.each(MUTANTS)('a detector that %s is found out', async (_name, module, changes) => {
  vi.doMock(module, async (original) => {
    const real = await original<Module>()
    const changed = Object.entries(changes).map(([name, change]) => [name, change(real[name] as never)])
    return { ...real, ...Object.fromEntries(changed) }
  })
  try {
    expect(await firstWrong()).toMatch(/documents/)
  } finally {
    vi.doUnmock(module)
  }
})

test('the detector as it is fails none of these programs', async () => {
  expect(await firstWrong()).toBeUndefined()
})
