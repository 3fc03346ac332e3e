import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import type { Context, Driver } from '../verdicts/construct.ts'
import { compare, type Silent } from './compare.ts'
import { fill, type Program, program } from './program.ts'

/**
 * Registers the property for one driver, and the counter-examples that it once found. A failure prints the program and
 * the seed; `CURSORLEAK_SEED` runs that seed again.
 */
export function modelTest(
  name: string,
  load: Driver | (() => Promise<Driver>),
  programs: number,
  found: Record<string, Program>,
): void {
  const major = Number.parseInt(name, 10)
  let server: Server
  let client: Context['client']
  beforeAll(async () => {
    startTracing()
    const mongodb = typeof load === 'function' ? await load() : load
    server = await startServer({ own: true })
    client = await new mongodb.MongoClient(server.uri).connect()
    await fill(client)
  })
  afterAll(async () => {
    stopTracing()
    await client?.close()
    await server?.stop()
  })

  test.each(Object.entries(found))('found before: %s', async (_name, one) => void (await compare(client, major, one)))

  test(`${programs} random programs, each on little and on much data`, async () => {
    const seed = Number(process.env.CURSORLEAK_SEED ?? Date.now() % 2 ** 31)
    const silent: Partial<Record<Silent, number>> = {}
    const property = fc.asyncProperty(program, async (one) => {
      for (const why of await compare(client, major, one)) silent[why] = (silent[why] ?? 0) + 1
    })
    process.stderr.write(`model, driver ${name}: seed ${seed}\n`)
    await fc.assert(property, { seed, numRuns: programs })
    process.stderr.write(
      `model, driver ${name}: ${programs} programs agree; open on much data, silent on little: ` +
        `${JSON.stringify(silent)}\n`,
    )
  })
}
