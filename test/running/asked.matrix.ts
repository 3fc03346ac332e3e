import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import path from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { openCursors } from '../../fixtures/server/oracle.mjs'
import { askTrace, startTrace, stopTrace, type TraceReport } from '../../src/index.ts'
import { run } from '../support/run.ts'
import { root } from './service.ts'

const PROGRAM = path.join(root, 'fixtures/asked/program.mjs')
let server: Awaited<ReturnType<typeof startServer>>
let other: MongoClient
beforeAll(async () => {
  server = await startServer({ own: true })
  // Another process's, as far as the program knows.
  other = await new MongoClient(server.uri).connect()
  const numbers = other.db('cursorleak_asked').collection('others')
  await numbers.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }])
  await numbers.find({}, { batchSize: 1 }).next()
})
afterAll(async () => {
  await other.close()
  await server.stop()
})

async function program(driver: string, confirm: 'on' | 'off') {
  const env = { MONGODB_URI: server.uri, NODE_NO_WARNINGS: '1', ASK_CONFIRM: confirm }
  const { stdout, stderr, code } = await run(process.execPath, [PROGRAM, driver], { cwd: root, env })
  expect(code, stderr).toBe(0)
  const told: Record<'first' | 'asked' | 'after', TraceReport> = JSON.parse(stdout)
  return { ...told, text: stderr.split('::Connection Trace Result') }
}
const unkilled = ({ leaks }: TraceReport): number[] =>
  leaks.filter(({ state }) => state === 'unkilled').map(({ count }) => count)

describe.each(['mongodb4', 'mongodb5', 'mongodb6', 'mongodb'])('%s', (driver) => {
  const isNew = driver === 'mongodb6' || driver === 'mongodb'

  test('confirm in a running app: what was closed and lives on is told, at its line', async () => {
    const { asked, first } = await program(driver, 'on')
    // The drivers before 6 kill it.
    expect(unkilled(asked)).toEqual(isNew ? [4] : [])
    expect(first.servers).toBeUndefined()
    if (!isNew) return
    const [leak] = asked.leaks.filter(({ state }) => state === 'unkilled')
    expect(leak).toMatchObject({ operation: 'FindCursor', createdAt: { line: 18 }, collected: 0 })
  })

  test('the server’s own counts beside ours', async () => {
    // Of another process, as far as the program knows: one at least, and what programs before it left.
    const others = await openCursors(other)
    const { asked, after, text } = await program(driver, 'off')
    const [counts, ...more] = asked.servers ?? []
    expect(more).toEqual([])
    // One cursor and two change streams here; and four that a driver's fault left alive.
    const unseen = others + (isNew ? 4 : 0)
    expect(counts).toMatchObject({
      hosts: new URL(server.uri).host,
      cursors: 3 + unseen,
      known: { cursors: 3, sessions: 0 },
    })
    expect(counts?.connections).toBeGreaterThanOrEqual(counts?.known.connections ?? 0)
    expect(counts?.known.connections).toBeGreaterThan(0)
    const are = unseen === 1 ? 'is' : 'are'
    expect(text[2]).toContain(`3 of them known here: ${unseen} ${are} another process's, or opened unseen`)
    expect(text[2]).not.toContain('the server was not asked')
    expect(text[1]).toContain('seen since tracing began; the server was not asked')
    // Nobody is connected any more: nobody is asked, and no client connects again for it.
    expect(after.servers).toEqual([])
  })

  test('implicit sessions that the driver leaves behind, and connections of change streams', async () => {
    const { asked, text } = await program(driver, 'off')
    const [client] = asked.clients
    expect(client).toMatchObject({ changeStreams: 2, maxPoolSize: 3 })
    expect(text[2]).toContain('2 change streams wait on a connection each, of 3 at most (maxPoolSize)')
    // Of `explain()` and `count()`: driver 6.22 ends them.
    expect(asked.servers?.[0]?.known.implicit).toBe(isNew ? 0 : 2)
  })
})

test('a server that does not answer: the report comes all the same, and says so', async () => {
  let isDeaf = false
  const { hostname, port } = new URL(server.uri)
  const proxy = createServer((from) => {
    const to = connect(Number(port), hostname)
    from.on('data', (chunk) => void (isDeaf || to.write(chunk)))
    to.on('data', (chunk) => void from.write(chunk))
    for (const [one, far] of [[from, to] as const, [to, from] as const]) {
      one.on('error', () => {}).on('close', () => far.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  startTrace()
  const hosts = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const client = await new MongoClient(`mongodb://${hosts}/?directConnection=true`).connect()
  await client.db('admin').command({ ping: 1 })
  isDeaf = true
  const before = performance.now()
  const { servers } = await askTrace()
  const [ms, text] = [performance.now() - before, said.mock.calls.join('')]
  isDeaf = false
  stopTrace()
  said.mockRestore()
  await client.close(true)
  proxy.close()
  expect(servers).toMatchObject([{ hosts, refused: 'no answer within 500 ms' }])
  expect(text).toContain(`::Server ${hosts}\n  gave no counts: no answer within 500 ms\n`)
  expect(ms).toBeLessThan(2_000)
})

test('askTrace() with what it can’t use is rejected', async () => {
  await expect(askTrace({ format: 'xml' } as never)).rejects.toThrow(
    "cursorleak: askTrace(): format is \"xml\"; allowed: 'text' or 'json'",
  )
})
