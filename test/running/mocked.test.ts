import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run, stable } from '../support/run.ts'

afterAll(removeProjects)

/** Of what a test may have mocked: the leaking test fails with its line, the other one passes, and no spy counts our calls. */
const TESTS = (first: string): string => `${first}
const { MongoClient } = require('mongodb')

const client = new MongoClient(process.env.MONGODB_URI)
const orders = client.db('cursorleak_mocked').collection('orders')
afterAll(() => client.close())

test('leaks', async () => {
  await orders.insertMany([{}, {}, {}])
  await orders.find().next()
})
test('reads all', async () => {
  await orders.find().toArray()
})
test('nobody else has called its spies', () => {
  expect(calls()).toBe(0)
})
`
const ALL = `['statSync', 'openSync', 'readSync', 'closeSync', 'readFileSync', 'existsSync', 'realpathSync', 'appendFileSync', 'mkdirSync', 'writeSync']`
/** Every function of fs is another for whoever calls it from our files, and as it was for the runner, which needs it. */
const replaced = (fake: string): string => `const fs = require('node:fs')
let count = 0
const calls = () => count
for (const name of ${ALL}) {
  const [own, fake] = [fs[name], ${fake}]
  fs[name] = (...args) => (/cursorleak.dist/.test(new Error().stack) ? (count++, fake()) : own(...args))
}
require('node:module').syncBuiltinESMExports()`
const FAKES: [string, string][] = [
  ['returns nothing', '() => undefined'],
  ['throws', "() => { throw new Error('no files here') }"],
  ['returns text', "() => '{}'"],
]
const JEST = {
  'jest.mock, automatic': `jest.mock('fs')
jest.mock('node:fs')
const fs = require('fs')
const calls = () => ${ALL}.reduce((sum, name) => sum + fs[name].mock.calls.length, 0)`,
  'jest.mock, of another package': `jest.mock('fs', () => ({ promises: {} }))
jest.mock('node:fs', () => ({ promises: {} }))
const calls = () => 0`,
  ...Object.fromEntries(FAKES.map(([name, fake]) => [`one that ${name}`, replaced(fake)])),
}
const config = (more = ''): string =>
  `module.exports = { testMatch: ['**/*.test.cjs'], transform: {}, setupFilesAfterEnv: ['cursorleak/jest'], reporters: ['default', 'cursorleak/jest/reporter'], ${more} }`

async function jest(files: Record<string, string>): Promise<string> {
  const cwd = project({ 'package.json': '{}', ...files }, ['mongodb', 'jest'])
  const { stdout, stderr } = await run(process.execPath, ['node_modules/jest/bin/jest.js', '--ci', '--runInBand'], {
    cwd,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  return stable(`${stdout}\n${stderr}`, cwd)
}

test.each(Object.entries(JEST))('Jest, fs is mocked: %s', async (_, first) => {
  const text = await jest({ 'jest.config.cjs': config(), 'a.test.cjs': TESTS(first) })
  expect(text).toMatch(/^Tests: +1 failed, 2 passed/m)
  expect(text).toMatch(
    /FindCursor on cursorleak_mocked\.orders was never closed.*\n.* created at .*a\.test\.cjs:\d+:\d+/,
  )
  expect(text).toMatch(/^cursorleak {2}1 cursor from 1 place/m)
  expect(text).not.toContain('not checked')
})

// Where every module gets another one by its name, we do, too: no note reaches the reporter.
test('Jest, fs is mocked by a setup file in front of ours, or by a name', async () => {
  const setup = "jest.mock('fs', () => ({}))\njest.mock('node:fs', () => ({}))\n"
  const files = { 'setup.cjs': setup, 'empty.cjs': 'module.exports = {}', 'a.test.cjs': TESTS('const calls = () => 0') }
  const ways = [
    `setupFiles: ['./setup.cjs']`,
    `setupFilesAfterEnv: ['./setup.cjs', 'cursorleak/jest']`,
    `moduleNameMapper: { '^(node:)?fs$': '<rootDir>/empty.cjs' }`,
  ]
  for (const way of ways) {
    const text = await jest({ ...files, 'jest.config.cjs': config(way) })
    expect(text, way).toMatch(/^Tests: +1 failed, 2 passed/m)
    if (way.startsWith('setup')) expect(text, way).toMatch(/^cursorleak {2}1 cursor from 1 place/m)
    else expect(text, way).toContain("what was found can't be left for the reporter, whose summary lacks it")
  }
})

const VITEST = (mock: string): string => `import { createRequire } from 'node:module'
import fs from 'node:fs'
import { afterAll, expect, test, vi } from 'vitest'
const require = createRequire(import.meta.url)
${mock}`

test.each([
  [
    'vi.mock',
    `vi.mock('node:fs')
vi.mock('fs')
const calls = () => ${ALL}.reduce((sum, name) => sum + fs[name].mock.calls.length, 0)`,
  ],
  ...FAKES.map(([name, fake]) => [`one that ${name}`, replaced(fake).replace("const fs = require('node:fs')\n", '')]),
])('Vitest, fs is mocked: %s', async (_, mock) => {
  const files = {
    'package.json': '{"type":"module"}',
    'vitest.config.mjs': `import cursorleak from 'cursorleak/vitest/plugin'
export default { plugins: [cursorleak()] }`,
    'a.test.mjs': TESTS(VITEST(mock)),
  }
  const cwd = project(files, ['mongodb', 'vitest'])
  const { stdout, stderr } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], {
    cwd,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  const text = stable(`${stdout}\n${stderr}`, cwd)
  expect(text).toMatch(/^ +Tests +1 failed \| 2 passed/m)
  expect(text).toMatch(
    /FindCursor on cursorleak_mocked\.orders was never closed.*\n.* created at .*a\.test\.mjs:\d+:\d+/,
  )
})

test.each(FAKES)('node:test and Mocha, functions of fs are replaced: one that %s', async (_, fake) => {
  const first = (names: string): string => `${names}
const { expect } = { expect: (value) => ({ toBe: (other) => require('node:assert').equal(value, other) }) }
${replaced(fake)}`
  const runners: [string, string[]][] = [
    ["const { after: afterAll, test } = require('node:test')", ['--import', 'cursorleak/node-test', 'a.test.cjs']],
    [
      'const [afterAll, test] = [after, it]',
      ['node_modules/mocha/bin/mocha.js', '--require', './node_modules/cursorleak/dist/mocha/index.cjs', 'a.test.cjs'],
    ],
  ]
  for (const [names, args] of runners) {
    const cwd = project({ 'package.json': '{}', 'a.test.cjs': TESTS(first(names)) }, ['mongodb', 'mocha'])
    const { stdout, stderr } = await run(process.execPath, args, { cwd, env: { MONGODB_URI: inject('mongoUri') } })
    const text = stable(`${stdout}\n${stderr}`, cwd)
    expect(text).toMatch(/^(?:# fail 1|ℹ fail 1| +1 failing)$/m)
    expect(text).toMatch(
      /FindCursor on cursorleak_mocked\.orders was never closed.*\n.* created at .*a\.test\.cjs:\d+:\d+/,
    )
    expect(text).not.toContain('internal fault')
  }
})

test.each([
  ['taken away', 'undefined'],
  ['one that throws', "class extends Error { constructor() { super(); throw new TypeError('not to be made') } }"],
])('node:test, the global Error is %s: the leak is told with its line', async (_, value) => {
  const first = `const { after: afterAll, test } = require('node:test')
const assert = require('node:assert')
const expect = (one) => ({ toBe: (other) => assert.equal(one, other) })
const calls = () => 0
const Own = Error`
  // Not for longer: the driver needs it to connect and to close.
  const tests = TESTS(first)
    .replace('await orders.find()', `globalThis.Error = ${value}\n  await orders.find()`)
    .replace("'reads all', async () => {", "'reads all', async () => {\n  globalThis.Error = Own")
  const cwd = project({ 'package.json': '{}', 'a.test.cjs': tests }, ['mongodb'])
  const { stdout, stderr } = await run(process.execPath, ['--import', 'cursorleak/node-test', 'a.test.cjs'], {
    cwd,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  const text = stable(`${stdout}\n${stderr}`, cwd)
  expect(text).toMatch(/^(?:# fail 1|ℹ fail 1)$/m)
  expect(text).toMatch(
    /FindCursor on cursorleak_mocked\.orders was never closed.*\n.* created at .*a\.test\.cjs:\d+:\d+/,
  )
})
