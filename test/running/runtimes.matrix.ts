import path from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { write } from '../support/project.ts'
import { run } from '../support/run.ts'
import { DRIVER, RUNTIMES } from '../versions.ts'

const READ = `
import { MongoClient } from 'mongodb'
export async function read(all) {
  const client = new MongoClient(process.env.MONGODB_URI)
  const things = client.db('cursorleak_runtimes').collection('c' + process.pid + '_' + Date.now())
  await things.insertMany(Array.from({ length: 2_000 }, (_, n) => ({ n })))
  const cursor = things.find()
  if (all) await cursor.toArray()
  else await cursor.next()
  return client
}
`
const APP = `
import { leaks, startTrace, instrument } from 'cursorleak'
import * as mongodb from 'mongodb'
import { read } from './read.mjs'
startTrace()
if (process.env.INSTRUMENT) instrument(mongodb)
const client = await read(process.env.ALL)
console.log(JSON.stringify(leaks().map(({ operation, createdAt }) => [operation, createdAt.line])))
await client.close()
process.exit(0)
`
const TEST = (define: string): string => `
import { assertNoLeakedCursors, startTrace, instrument } from 'cursorleak'
import * as mongodb from 'mongodb'
import { read } from './read.mjs'
startTrace()
instrument(mongodb)
const body = (all) => async () => {
  const client = await read(all)
  try { assertNoLeakedCursors(client) } finally { await client.close() }
}
${define}
`
const FILES = {
  'read.mjs': READ,
  'app.mjs': APP,
  'plain.mjs': "await (await import('./read.mjs')).read().then((client) => client.close())",
  'bun.test.mjs': TEST("import { test } from 'bun:test'\ntest('leaks', body(false))\ntest('reads all', body(true))"),
  'deno.test.mjs': TEST(
    "const loose = { sanitizeOps: false, sanitizeResources: false }\nDeno.test('leaks', loose, body(false))\nDeno.test('reads all', loose, body(true))",
  ),
}
const LEAK = [['FindCursor', 7]]

async function start(name: keyof typeof RUNTIMES, args: string[], env: NodeJS.ProcessEnv = {}) {
  const folder = await sandbox({ [name]: RUNTIMES[name], ...DRIVER }, { name: 'runtimes' })
  write(folder, FILES)
  const binary = path.join(folder, 'node_modules/.bin', name)
  const { code, stdout, stderr } = await run(binary, args, {
    cwd: folder,
    env: { MONGODB_URI: inject('mongoUri'), ...env },
  })
  return { code, stdout: stdout.trim(), stderr: stderr.trim() }
}
const leaksOf = (stdout: string): unknown => JSON.parse(stdout.split('\n').at(-1) ?? '')

describe('Bun, which has EventEmitter.init and never calls it', () => {
  const BLIND =
    'cursorleak: Bun calls no EventEmitter.init, so no cursor is seen: call instrument(mongodb) for each copy of the driver'

  test('startTrace() alone is blind, and says so once', async () => {
    const { stdout, stderr } = await start('bun', ['app.mjs'])
    expect([leaksOf(stdout), stderr]).toEqual([[], BLIND])
  })
  test('so does cursorleak/register, of a program that asks nothing', async () => {
    expect((await start('bun', ['--preload', 'cursorleak/register', 'plain.mjs'])).stderr).toBe(BLIND)
  })
  test('instrument() sees', async () => {
    const leaking = await start('bun', ['app.mjs'], { INSTRUMENT: '1' })
    expect([leaksOf(leaking.stdout), leaking.stderr]).toEqual([LEAK, ''])
    expect(leaksOf((await start('bun', ['app.mjs'], { INSTRUMENT: '1', ALL: '1' })).stdout)).toEqual([])
  })
  test('assertNoLeakedCursors() in its tests', async () => {
    const { code, stderr } = await start('bun', ['test', 'bun.test.mjs'])
    expect(stderr).toMatch(/created at read \(read\.mjs:7:\d+\)/)
    expect([code, /^ 1 pass$/m.test(stderr), /^ 1 fail$/m.test(stderr)]).toEqual([1, true, true])
  })
  test("Jest's entry", async () => {
    const { code, stderr } = await start('bun', ['test', '--preload', 'cursorleak/jest', 'bun.test.mjs'])
    expect(stderr).toContain(
      "cursorleak: cursorleak/jest is for Jest, and this is Bun: call `startTrace()`, `instrument(mongodb)` and, in the tests, `assertNoLeakedCursors()` from 'cursorleak'",
    )
    expect(code).toBe(1)
  })
})

describe('Deno', () => {
  test('startTrace() sees', async () => {
    const leaking = await start('deno', ['run', '-A', 'app.mjs'])
    expect([leaksOf(leaking.stdout), leaking.stderr]).toEqual([LEAK, ''])
    expect(leaksOf((await start('deno', ['run', '-A', 'app.mjs'], { ALL: '1' })).stdout)).toEqual([])
  })
  test('assertNoLeakedCursors() in its tests', async () => {
    const { code, stdout, stderr } = await start('deno', ['test', '-A', '--no-check', 'deno.test.mjs'])
    expect(stdout + stderr).toMatch(/created at read \(read\.mjs:7:\d+\)/)
    expect([code, /1 passed.* \| 1 failed/.test(stdout + stderr)]).toEqual([1, true])
  })
})
