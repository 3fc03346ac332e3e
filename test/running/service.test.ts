import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { compile, root, type Service, serve } from './service.ts'

const REGISTER = ['--import', 'cursorleak/register']
let esm: string
let cjs: string
let nth = 0
const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  MONGODB_URI: inject('mongoUri'),
  SERVICE_DB: `service${process.pid}_${nth++}`,
  ...more,
})

beforeAll(async () => {
  esm = await compile('esm')
  cjs = await compile('cjs')
})
afterAll(() => {
  for (const folder of [esm, cjs]) rmSync(folder, { recursive: true, force: true })
})

/** Requests as users make them: two routes that leak, one that connects anew each time, two clean ones. */
async function use({ get }: Service): Promise<void> {
  await Promise.all([get('/orders/oldest', 4), get('/reports', 3), get('/users/c1', 6)])
  await Promise.all([get('/orders/count', 2), get('/orders/above', 2)])
}

/** Ages and the number of sockets in a pool differ from run to run. */
const steady = (stderr: string): string =>
  stderr
    .replaceAll(root, '')
    .replace(/service\d+_\d+/g, 'service')
    .replace(/\b\d+ (ms|s)\b/g, '<age>')
    .replace(/\b\d+ connections?\b/g, '<n> connections')
    .replace(/\d+ checked out/g, '<n> checked out')

const sites = (stderr: string): string[] =>
  steady(stderr)
    .split('\n')
    .filter((line) =>
      /^::Connection Trace|^ {2}\d+ ×|^ {2}a new client|^ {4}at \w+ .*(?:users|orders|reports)\.ts:\d+:/.test(line),
    )

const FOUND = [
  '::Connection Trace Result: 13 probably leaked',
  '  a new client each time `fixtures/service/src/users.ts:13` runs (6 so far, 6 not closed): <n> connections, <n> checked out',
  '    at user (fixtures/service/src/users.ts:13:15)',
  '  4 × FindCursor on service.orders: open on the server, 1 document read of each; the oldest <age> old, not used for <age> or longer',
  '    at oldestOpen (fixtures/service/src/orders.ts:5:27)',
  '  3 × AggregationCursor on service.orders: open on the server, 0 documents read of each; the oldest <age> old, not used for <age> or longer',
  '    at hasExport (fixtures/service/src/reports.ts:5:25)',
]
/** The service closes its client before it ends. */
const SWEPT = FOUND.map((line) =>
  line.replace(/open on the server, \d documents? read of each/, 'open until its client closed'),
)

describe('the example service shows both leaks and the growing clients', () => {
  test('by startTrace and printTrace, in a route of its own', async () => {
    const service = await serve([path.join(esm, 'traced.mjs')], env())
    await use(service)
    await service.get('/stop').catch(() => {})
    const { code, stderr } = await service.ended
    expect({ code, sites: sites(stderr) }).toEqual({ code: 0, sites: FOUND })
    expect(stderr).toContain("      > const cursor = orders().find({ status: 'open' })")
    expect(steady(stderr)).toMatch(/MongoClient from fixtures\/service\/src\/db\.ts:14: 1 built, 1 open/)
  })

  test.each([
    ['ES modules', () => path.join(esm, 'main.mjs')],
    ['CommonJS', () => path.join(cjs, 'main.cjs')],
  ])('by cursorleak/register, at its exit: %s', async (_, file) => {
    const service = await serve([...REGISTER, file()], env())
    await use(service)
    await service.get('/stop').catch(() => {})
    const { code, stderr } = await service.ended
    expect({ code, sites: sites(stderr) }).toEqual({ code: 0, sites: SWEPT })
  })

  test('by a signal, and again when it dies of one that nobody handles', async () => {
    const service = await serve(
      [...REGISTER, path.join(esm, 'main.mjs')],
      env({ CURSORLEAK_IDLE_MS: '0', CURSORLEAK_CATCH_SIGNALS: 'on' }),
    )
    await use(service)
    service.child.kill('SIGUSR2')
    expect(sites(await service.said('seen since tracing began'))).toEqual(FOUND)
    service.child.kill('SIGTERM')
    const { signal, stderr } = await service.ended
    expect({ signal, sites: sites(stderr) }).toEqual({ signal: 'SIGTERM', sites: [...FOUND, ...FOUND] })
  })

  test('by cursorleak run, with another signal and as JSON', async () => {
    const args = [path.join(root, 'dist/cli/index.mjs'), 'run', '--', process.execPath, path.join(esm, 'main.mjs')]
    const service = await serve(
      args,
      env({ CURSORLEAK_SIGNAL: 'SIGHUP', CURSORLEAK_FORMAT: 'json', CURSORLEAK_IDLE_MS: '0' }),
    )
    await use(service)
    service.child.kill('SIGHUP')
    const report = JSON.parse((await service.said('\n')).trim())
    const found = report.leaks.map(
      (leak: { createdAt: { line: number; function: string }; count: number; kind: string }) => [
        leak.kind,
        leak.createdAt.function,
        leak.createdAt.line,
        leak.count,
      ],
    )
    expect(found).toEqual([
      ['client', 'user', 13, 6],
      ['cursor', 'oldestOpen', 5, 4],
      ['cursor', 'hasExport', 5, 3],
    ])
    service.child.kill('SIGTERM')
    expect(await service.ended).toMatchObject({ signal: 'SIGTERM' })
  })

  test('by itself: what is older than a time, once, and every so often', async () => {
    const service = await serve(
      [...REGISTER, path.join(esm, 'main.mjs')],
      env({ CURSORLEAK_IDLE_MS: '0', CURSORLEAK_OLDER_THAN: '0.1', CURSORLEAK_EVERY: '1.5' }),
    )
    await service.get('/orders/oldest')
    const first = await service.said('::Connection Trace Result: 1 probably leaked', 2)
    expect(first).toContain('orders.ts:5:27')
    service.child.kill('SIGKILL')
    await service.ended
  })

  test('a program that leaks nothing and a wrong option each get one line', async () => {
    const clean = await serve([...REGISTER, path.join(esm, 'main.mjs')], env())
    await clean.get('/orders/count')
    await clean.get('/stop').catch(() => {})
    expect(sites((await clean.ended).stderr)).toEqual(['::Connection Trace Result: 0 probably leaked'])
    const wrong = await serve([...REGISTER, path.join(esm, 'main.mjs')], env({ CURSORLEAK_DETAIL: 'some' }))
    await wrong.get('/stop').catch(() => {})
    expect((await wrong.ended).stderr).toBe(
      `cursorleak: environment variable CURSORLEAK_DETAIL: option "detail" is 'some'; allowed: off, count, sample or full; nothing is traced\n`,
    )
  })
})
