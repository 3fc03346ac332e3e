import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, inject, test } from 'vitest'
import { clean } from '../running/service.ts'
import { project, removeProjects } from '../support/project.ts'

afterAll(removeProjects)

/** A file that leaks, and one that says so and then takes its time. */
const LEAKS = (runner: string): string => `${runner}
const { MongoClient } = require('mongodb')
const client = new MongoClient(process.env.MONGODB_URI)
afterAll(() => client.close())
test('leaks', async () => {
  const orders = client.db('cursorleak_folders').collection('orders')
  await orders.insertMany([{}, {}, {}])
  await orders.find().next()
})
`
const SLOW = (runner: string): string => `${runner}
test('slow', async () => {
  require('node:fs').writeFileSync('slow', '')
  await new Promise((resolve) => setTimeout(resolve, process.env.SLOW_MS))
}, 60_000)
`
const VITEST = `import { createRequire } from 'node:module'
import { afterAll, test } from 'vitest'
const require = createRequire(import.meta.url)`
const RUNNERS = {
  Jest: {
    files: {
      'package.json': '{}',
      'jest.config.cjs': `module.exports = { testMatch: ['**/*.test.cjs'], transform: {}, cacheDirectory: './cache', setupFilesAfterEnv: ['cursorleak/jest'], reporters: ['default', 'cursorleak/jest/reporter'], testSequencer: './order.cjs' }`,
      'order.cjs': `const Sequencer = require('@jest/test-sequencer').default
module.exports = class extends Sequencer { sort(tests) { return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1)) } }`,
      'a.test.cjs': LEAKS(''),
      'b.test.cjs': SLOW(''),
    },
    packages: ['mongodb', 'jest', '@jest/test-sequencer'],
    args: ['node_modules/jest/bin/jest.js', '--ci', '--runInBand'],
  },
  Vitest: {
    files: {
      'package.json': '{"type":"module"}',
      'vitest.config.mjs': `import cursorleak from 'cursorleak/vitest/plugin'
export default { plugins: [cursorleak()], test: { fileParallelism: false } }`,
      'a.test.mjs': LEAKS(VITEST),
      'b.test.mjs': SLOW(VITEST),
    },
    packages: ['mongodb', 'vitest'],
    args: ['node_modules/vitest/vitest.mjs', 'run'],
  },
} as const
type Name = keyof typeof RUNNERS

const make = (name: Name): string => {
  const cwd = project({ ...RUNNERS[name].files }, RUNNERS[name].packages)
  mkdirSync(path.join(cwd, 'tmp'))
  return cwd
}

/** Runs the tests; with a signal, sends it to the runner once the slow one runs. */
async function runTests(name: Name, cwd: string, signal?: NodeJS.Signals, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, RUNNERS[name].args, {
    cwd,
    env: {
      ...clean(),
      ...{ NO_COLOR: '1', CI: '1', MONGODB_URI: inject('mongoUri'), TMPDIR: path.join(cwd, 'tmp') },
      ...{ SLOW_MS: signal ? '60000' : '0', ...env },
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = once(child, 'exit')
  if (signal) {
    for (let waited = 0; !existsSync(path.join(cwd, 'slow')); waited += 50) {
      if (waited > 40_000) throw new Error(`the slow test did not start: ${stderr}`)
      await sleep(50)
    }
    child.kill(signal)
  }
  const [code, by] = await ended
  const left = readdirSync(path.join(cwd, 'tmp')).filter((one) => one.startsWith('cursorleak-'))
  return { code, by, left, stderr }
}

test.each([
  ['Jest', 'SIGTERM'],
  ['Vitest', 'SIGHUP'],
] as const)(
  '%s: what %s leaves of a run is swept by a later one, and a run leaves nothing itself',
  async (name, signal) => {
    const cwd = make(name)
    const killed = await runTests(name, cwd, signal)
    expect(killed.left.length).toBeLessThanOrEqual(1)
    const old = new Date(Date.now() - 25 * 60 * 60_000)
    for (const one of killed.left) {
      // What was found, for no other user to read.
      expect(readFileSync(path.join(cwd, 'tmp', one, 'notes'), 'utf8')).toContain('cursorleak_folders.orders')
      utimesSync(path.join(cwd, 'tmp', one), old, old)
    }
    const { code, left, stderr } = await runTests(name, cwd)
    expect({ code, left }).toEqual({ code: 1, left: [] })
    expect(stderr).toMatch(/cursorleak {2}.*1 cursor/)
  },
)

test.each([
  ['Jest', 'there is no summary without it'],
  ['Vitest', 'what is found behind the end of the files is not told'],
] as const)('%s without a temporary folder: one sentence, and the same tests fail', async (name, rest) => {
  const cwd = make(name)
  const { code, stderr } = await runTests(name, cwd, undefined, { TMPDIR: path.join(cwd, 'none') })
  expect(code, stderr).toBe(1)
  const sentence = `cursorleak: the temporary folder ${path.join(cwd, 'none')} can't be used (ENOENT): set TMPDIR to one that can be written; ${rest}`
  expect(stderr.split('\n').filter((line) => line.startsWith('cursorleak: '))).toEqual([sentence])
  expect(stderr).toContain('CursorLeakError: FindCursor on cursorleak_folders.orders was never closed')
})
