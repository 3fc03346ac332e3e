import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { leakAll } from '../../fixtures/safe/leaks.mjs'
import { startServer } from '../../fixtures/server/index.mjs'
import { toHaveNoLeakedCursors } from '../../src/matchers/index.ts'
import { serverText } from '../../src/matchers/server-text.ts'
import { configure } from '../../src/options.ts'
import { run } from '../support/run.ts'
import { tracedClient } from '../support/traced.ts'
import { expectNoSecret, expectSafe, sample } from './hostile.ts'

const root = path.resolve(import.meta.dirname, '../..')
const cwd = path.join(root, 'fixtures/safe')
const cli = path.join(root, 'dist/cli/index.mjs')
const bin = (name: string) => path.join(root, 'node_modules', name)
const seed = Number(process.env.SAFE_SEED ?? Date.now() % 2 ** 31)
const { specs, error, passwords } = sample(seed)
const of = (what: string): string => `${what} (SAFE_SEED=${seed})`

let out = ''
let env: NodeJS.ProcessEnv
beforeAll(() => {
  out = mkdtempSync(path.join(tmpdir(), 'cursorleak-safe-'))
  writeFileSync(path.join(out, 'specs.json'), JSON.stringify({ specs, error }))
  env = {
    MONGODB_URI: inject('mongoUri'),
    SAFE_SPECS: path.join(out, 'specs.json'),
    SAFE_CHANNEL: path.join(out, 'channel'),
    CURSORLEAK_MAX_REPORTED: '50',
  }
  writeFileSync(path.join(out, 'channel'), '')
})
afterAll(() => rmSync(out, { recursive: true, force: true }))
const written = (name: string): string => readFileSync(path.join(out, name), 'utf8')
const node = (args: string[], more: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, args, { cwd, env: { ...env, ...more } })
/** How many of the leaks an output tells of: one that is empty would be safe, too. */
const told = (text: string): number => text.split(/was never closed/).length - 1

describe('Vitest', () => {
  let all: { stdout: string; stderr: string }
  beforeAll(async () => {
    all = await node([bin('vitest/vitest.mjs'), 'run'], { SAFE_OUT: out, GITHUB_ACTIONS: 'true' })
  })
  test('text: messages, warnings, code frames, the summary', () => {
    expect(told(all.stderr), all.stderr).toBeGreaterThanOrEqual(specs.length)
    expect(all.stderr).toContain('cursorleak warning')
    expect(all.stderr).toContain('mongodb://***@db.example.net/shop')
    expect(all.stderr).toContain("password: '***'")
    expectSafe(all.stderr, of('stderr'))
  })
  test('TAP', () => {
    // To the terminal, in the midst of the other reporters' lines.
    const tap = all.stdout.slice(all.stdout.indexOf('TAP version 13'))
    expect(tap).toContain('not ok')
    expect(told(tap)).toBeGreaterThanOrEqual(1)
    expectSafe(tap, of('tap'))
  })
  test('GitHub: only its own commands', () => {
    const commands = all.stdout.split('\n').filter((line) => line.startsWith('::'))
    expect(commands.length).toBeGreaterThanOrEqual(specs.length)
    for (const line of commands) expect(line).toMatch(/^::(error|notice|warning|group|endgroup)/)
    expectSafe(all.stdout, of('stdout'))
  })
  test('JUnit', () => {
    expect(told(written('junit.txt'))).toBeGreaterThanOrEqual(specs.length)
    expectSafe(written('junit.txt'), of('junit'))
  })
  test('JSON: its messages as text, its meta as data', () => {
    const json = written('json.txt')
    expectNoSecret(json, of('json'))
    const messages: string[] = JSON.parse(json).testResults.flatMap(
      (file: { assertionResults: { failureMessages: string[] }[] }) =>
        file.assertionResults.flatMap(({ failureMessages }) => failureMessages),
    )
    expect(told(messages.join('\n'))).toBeGreaterThanOrEqual(specs.length)
    for (const message of messages) expectSafe(message, of('failureMessages'))
  })
  test.each([['meta.json'], ['channel']])('data without secrets: %s', (name) => {
    expect(written(name).split('"operation"').length).toBeGreaterThan(specs.length)
    expectNoSecret(written(name), of(name))
  })
})

test('HTML: Mocha’s reporter, with the same messages', async () => {
  const { stdout, stderr } = await node([
    bin('mocha/bin/mocha.js'),
    '--require',
    '../../dist/mocha/index.cjs',
    '--reporter',
    'doc',
    'leaks.test.mjs',
  ])
  expect(stdout).toContain('<dd class="error">')
  expect(told(stdout) + told(stderr)).toBeGreaterThan(0)
  expectSafe(stdout, of('html'))
  expectSafe(stderr, of('stderr of Mocha'))
})

test('Jest: messages, warnings, the summary, JSON', async () => {
  const file = path.join(out, 'jest.json')
  const { stdout, stderr } = await node([
    ...['--experimental-vm-modules', '--no-warnings', bin('jest/bin/jest.js')],
    ...['--ci', '--json', '--outputFile', file],
  ])
  expect(told(stderr), stderr).toBeGreaterThanOrEqual(specs.length)
  expect(stderr).toContain('cursorleak warning')
  expect(stderr).toContain(`${specs.length} cursors from `)
  expectSafe(stripVTControlCharacters(stderr), of('stderr of Jest'))
  expectSafe(stripVTControlCharacters(stdout), of('stdout of Jest'))
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  const messages: string[] = testResults.flatMap(({ assertionResults }: { assertionResults: object[] }) =>
    assertionResults.flatMap((one) => (one as { failureMessages: string[] }).failureMessages),
  )
  expect(told(messages.join('\n'))).toBeGreaterThanOrEqual(specs.length)
  for (const message of messages) expectSafe(message, of('failureMessages of Jest'))
})

test('run', async () => {
  const { stdout, stderr } = await node([cli, 'run', '--', process.execPath, 'program.mjs'])
  expect(stderr.split(' on safe').length).toBeGreaterThan(specs.length)
  expectSafe(stdout + stderr, of('run'))
})

describe('matchers', () => {
  const client = tracedClient()
  test('what is open here', async () => {
    await leakAll(client(), specs)
    configure({ maxReported: 50 })
    const { message } = toHaveNoLeakedCursors(client())
    expect(told(message())).toBe(specs.length)
    expectSafe(message(), of('toHaveNoLeakedCursors()'))
    for (const { database, collection } of specs) {
      const target = client().db(database).collection(collection)
      expectSafe(toHaveNoLeakedCursors(target).message(), of('toHaveNoLeakedCursors() of a collection'))
    }
  })

  // The stand-in of a server lists no `appName`: what a mongod gives stands here.
  test('what a server lists, with the appName of who opened it', () => {
    const cursors = specs.map(({ database, comment }, i) => {
      return { id: String(i), namespace: `${database}.c`, openMs: 5_000, neverTimesOut: true, by: comment }
    })
    const target = { clients: [], namespace: undefined, name: specs[0]?.collection ?? '' }
    const text = serverText(target, { way: 'asked', count: cursors.length, cursors }, new Map(), 50)
    expect(text.split('before tracing was on: by ').length).toBe(specs.length + 1)
    expectSafe(text, of('toHaveNoOpenServerCursors()'))
  })
})

test('the baseline', async () => {
  const file = path.join(out, 'known.json')
  const { code, stderr } = await node([
    cli,
    'baseline',
    '--file',
    file,
    '--',
    process.execPath,
    bin('vitest/vitest.mjs'),
    'run',
  ])
  expect([code, JSON.parse(readFileSync(file, 'utf8')).sites.length]).toEqual([0, specs.length + 1])
  expectNoSecret(readFileSync(file, 'utf8'), of('baseline'))
  expectSafe(stderr, of('stderr of baseline'))
})

test.each(['text', 'json'])('the trace of a running app: %s', async (format) => {
  const { stderr } = await node(['--import', 'cursorleak/register', 'program.mjs'], { CURSORLEAK_FORMAT: format })
  expect(stderr.split(format === 'json' ? '"operation"' : ' on safe').length).toBeGreaterThan(specs.length)
  expectSafe(stderr, of(`trace, ${format}`))
})

test('watch, with everybody’s comments', async () => {
  const server = await startServer({ own: true, idleCursors: true })
  const client = await new MongoClient(server.uri).connect()
  for (const { database, collection, comment, secret } of specs.slice(0, 5)) {
    const orders = client.db(database).collection(collection)
    await orders.insertMany([1, 2, 3].map((n) => ({ n, secret })))
    await orders.find({ secret }, { batchSize: 1, comment }).next()
  }
  for (const args of [['--once'], ['--once', '--json']]) {
    const { stdout, stderr } = await node([cli, 'watch', server.uri, ...args])
    expect(stdout.split('find {secret}').length).toBe(6)
    expectSafe(stdout + stderr, of(`watch ${args.join(' ')}`))
  }
  await client.close()
  await server.stop()
})

test.each(passwords)('watch and doctor with a connection string that cannot be used: %j', async (password) => {
  const uri = `mongodb://root:${password}@127.0.0.1:1/?serverSelectionTimeoutMS=200&tlsCertificateKeyFilePassword=${password.replaceAll('&', '%26')}`
  for (const args of [['doctor'], ['watch', uri, '--once']]) {
    const { stdout, stderr } = await node([cli, ...args], { MONGODB_URI: uri, CURSORLEAK_IGNORE: uri })
    expect(stdout + stderr).toMatch(/does not answer|can't be asked/)
    expectSafe(stdout + stderr, of(args[0] ?? ''))
  }
})
