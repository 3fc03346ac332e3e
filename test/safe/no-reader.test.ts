import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { clean, root } from '../running/service.ts'
import { project, removeProjects } from '../support/project.ts'

afterAll(removeProjects)
const cli = path.join(root, 'dist/cli/index.mjs')

/**
 * Runs a program whose stderr or stdout is closed by its reader, once `when` has come on stdout.
 * @returns what it printed on the other one
 */
async function without(closed: 'stdout' | 'stderr', args: string[], { cwd = root, env = {}, when = '' } = {}) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...clean(), NO_COLOR: '1', CI: '1', MONGODB_URI: inject('mongoUri'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    printed.stdout += chunk
    if (printed.stdout.includes(when)) child[closed].destroy()
  })
  child.stderr.on('data', (chunk) => (printed.stderr += chunk))
  if (when === '') child[closed].destroy()
  const [code, signal] = await once(child, 'close')
  return { code, signal, other: printed[closed === 'stdout' ? 'stderr' : 'stdout'] }
}

const PROGRAM = ['--import', 'cursorleak/register', path.join(root, 'fixtures/no-reader/program.mjs')]
const env = { CURSORLEAK_EVERY: '1', CURSORLEAK_OLDER_THAN: '1' }

test('an app that nobody reads any more lives on, and keeps no listener of ours', async () => {
  const { code, signal, other } = await without('stderr', PROGRAM, { env, when: 'ready' })
  expect({ code, signal, other }).toEqual({ code: 0, signal: null, other: 'ready\nalive, 0 listeners\n' })
})

test('what it writes itself ends it, as without us', async () => {
  const plain = await without('stderr', [...PROGRAM.slice(2), 'writes'], { when: 'ready' })
  expect(plain.code).not.toBe(0)
  expect(await without('stderr', [...PROGRAM, 'writes'], { env, when: 'ready' })).toEqual(plain)
})

const LEAKS = (runner: string): string => `const { MongoClient } = require('mongodb')
${runner}
const client = new MongoClient(process.env.MONGODB_URI)
const orders = client.db('cursorleak_no_reader').collection('orders')
afterAll(() => client.close())
test('starts a session, and leaks', async () => {
  await orders.insertMany([{}, {}, {}])
  client.startSession()
  await orders.find().next()
})
`

// Jest writes all of its own to stderr: here only its data come to stdout.
test('a runner whose stderr nobody reads ends as it does without us', async () => {
  const files = {
    'package.json': '{}',
    'a.test.cjs': LEAKS(''),
    'jest.config.cjs': `module.exports = { testMatch: ['**/*.test.cjs'], transform: {}, setupFilesAfterEnv: ['cursorleak/jest'], reporters: ['./quiet.cjs', 'cursorleak/jest/reporter'] }`,
    'quiet.cjs': `module.exports = class { onRunComplete(_, { numFailedTests }) { console.log(numFailedTests, 'failed') } }`,
  }
  const cwd = project(files, ['mongodb', 'jest'])
  const { code, other } = await without('stderr', ['node_modules/jest/bin/jest.js', '--ci'], { cwd })
  expect([code, other]).toEqual([1, '1 failed\n'])
})

/** What `head` leaves: 128 and the number of SIGPIPE. */
const PIPE = 141

test.each([
  ['help', ['help']],
  ['doctor', ['doctor']],
  ['watch', ['watch', '--interval', '0.2']],
])('%s | head: it ends, without a word', async (_, args) => {
  expect(await without('stdout', [cli, ...args])).toEqual({ code: PIPE, signal: null, other: '' })
})

test('watch | head, after some lines', async () => {
  const { code, other } = await without('stdout', [cli, 'watch', '--interval', '0.2'], { when: 'cursors' })
  expect([code, other]).toEqual([PIPE, ''])
})

test.each([
  ['a wrong command', ['wrong'], 64],
  ['run', ['run', '--', process.execPath, '-e', 'process.exit(3)'], 3],
  ['baseline', ['baseline', '--', process.execPath, '-e', 'process.exit(3)'], 3],
])('the exit code stays where nobody reads stderr: %s', async (_, args, code) => {
  const cwd = project({ 'package.json': '{}' }, [])
  expect(await without('stderr', [cli, ...args], { cwd })).toEqual({ code, signal: null, other: '' })
})

test.runIf(process.platform === 'linux')('a disk that is full is one sentence', async () => {
  const child = spawn(process.execPath, [cli, 'help'], { stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'] })
  let stderr = ''
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^cursorleak: .*ENOSPC.*\n$/)])
})
