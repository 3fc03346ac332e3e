import path from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { type Run, run } from '../support/run.ts'

afterAll(removeProjects)

/** An app's module that traces as it does in production: what it asks for, and whether it stops again. */
const app = (wanted: string, stops: boolean): string => `
const { startTrace, stopTrace } = require('cursorleak')
exports.metrics = () => { startTrace(${wanted})${stops ? '; stopTrace()' : ''} }
`
/** The first test starts the app and leaks, so does the second; the last one is clean. */
const tests = (globals: string): string => `
${globals}
const { MongoClient } = require('mongodb')
const { metrics } = require('./app.cjs')
const client = new MongoClient(process.env.MONGODB_URI)
const things = client.db('cursorleak_own_options').collection('things')
before(() => things.insertMany(Array.from({ length: 200 }, (_, n) => ({ n }))))
after(() => client.close())
it('starts the app and leaks', async () => { metrics(); await things.find().next() })
it('leaks after it', async () => { await things.find().next() })
it('is clean', async () => { await things.findOne() })
`
/** A file of the same process after it, in which nobody starts anything. */
const next = (globals: string): string => tests(globals).replace('metrics();', '')

interface Runner {
  files: Record<string, string>
  packages: string[]
  args(folder: string): string[]
}
const DRIVER = ['mongodb', 'bson', 'mongodb-connection-string-url']
const both = (name: (n: number) => string, globals: string): Record<string, string> => ({
  [name(1)]: tests(globals),
  [name(2)]: next(globals),
})
const bin = (folder: string, file: string): string => path.join(folder, 'node_modules', file)
const HOOKS = 'const before = beforeAll, after = afterAll'

const RUNNERS: Record<string, Runner> = {
  vitest: {
    files: {
      'vitest.config.mjs':
        "export default { test: { globals: true, isolate: false, fileParallelism: false, setupFiles: ['cursorleak/vitest'], include: ['*.spec.mjs'] } }",
      ...both(
        (n) => `${n}.spec.mjs`,
        `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n${HOOKS}`,
      ),
    },
    packages: ['vitest'],
    args: (folder) => [bin(folder, 'vitest/vitest.mjs'), 'run'],
  },
  jest: {
    files: {
      'jest.config.cjs':
        "module.exports = { setupFilesAfterEnv: ['cursorleak/jest'], reporters: ['default', 'cursorleak/jest/reporter'], transform: {}, testMatch: ['**/*.spec.cjs'] }",
      ...both((n) => `${n}.spec.cjs`, HOOKS),
    },
    packages: ['jest', 'jest-circus', '@jest/globals'],
    args: (folder) => [bin(folder, 'jest/bin/jest.js'), '--runInBand', '--verbose'],
  },
  mocha: {
    files: both((n) => `${n}.spec.cjs`, ''),
    packages: ['mocha'],
    args: (folder) => [
      bin(folder, 'mocha/bin/mocha.js'),
      '--require',
      bin(folder, 'cursorleak/dist/mocha/index.mjs'),
      '*.spec.cjs',
    ],
  },
  'node:test': {
    files: both((n) => `${n}.test.cjs`, "const { before, after, it } = require('node:test')"),
    packages: [],
    args: () => ['--import', 'cursorleak/node-test', '--test', '--test-reporter=spec', '1.test.cjs', '2.test.cjs'],
  },
}

async function runWith(name: string, wanted: string, stops = false): Promise<Run> {
  const { files, packages, args } = RUNNERS[name] as Runner
  const cwd = project({ 'app.cjs': app(wanted, stops), ...files }, [...DRIVER, ...packages])
  return run(process.execPath, args(cwd), { cwd, env: { MONGODB_URI: inject('mongoUri') } })
}

/** How often each test leaked, by what the runner prints of its errors. */
const failures = ({ stdout, stderr }: Run): number =>
  (`${stdout}${stderr}`.match(/FindCursor on cursorleak_own_options\.things was never closed/g) ?? []).length

/** Each leak is printed so often. */
const TIMES: Record<string, number> = { vitest: 1, jest: 1, mocha: 1, 'node:test': 2 }
const SENTENCE =
  /^cursorleak: startTrace\(\), called at .*app\.cjs:3:\d+\)?, does not change (.*) of the tests: this run's check keeps its own options; use configure\(\) in a setup file to change them$/gm

test.each(Object.keys(RUNNERS))(
  'in %s an app that starts its own trace, switched off, blinds no test',
  async (name) => {
    const ran = await runWith(name, '{ enabled: false, idleMs: 5 }')
    const text = `${ran.stdout}${ran.stderr}`
    expect(ran.code, text).not.toBe(0)
    expect(failures(ran), text).toBe(4 * (TIMES[name] ?? 1))
    expect([...text.matchAll(SENTENCE)].map(([, names]) => names)).toEqual(['`enabled`'])
  },
)

/** A file under node:test, with what stands in its first test and what is loaded before our entry. */
async function nodeTest(inTest: string, before = ''): Promise<Run & { said: (string | undefined)[] }> {
  const file = tests("const { before, after, it } = require('node:test')").replace('metrics();', inTest)
  const cwd = project({ '1.test.cjs': file, 'app.cjs': app('{}', false), 'before.cjs': before }, DRIVER)
  const args = ['--require', './before.cjs', '--import', 'cursorleak/node-test', '--test-reporter=spec', '1.test.cjs']
  const ran = await run(process.execPath, args, { cwd, env: { MONGODB_URI: inject('mongoUri') } })
  const said = [...ran.stderr.matchAll(/does not change (.*) of the tests/g)].map(([, names]) => names)
  return { ...ran, said }
}
const API = "require('cursorleak')"

test.each([
  ["{ detail: 'off' }", ['`detail`']],
  ["{ detail: 'count' }", ['`detail`']],
  ["{ detail: 'sample', sampleEvery: 5 }", ['`detail`']],
  ["{ ignore: ['cursorleak_own_options'] }", ['`ignore`']],
  ["{ levels: { open: 'off', cursor: 'warn' }, settleMs: 0 }", ['`levels`, `settleMs`']],
  ["{ enabled: true, levels: { open: 'fail' }, ignore: [], everyMs: 60_000, format: 'json' }", []],
])('startTrace(%s), stopped or not, changes nothing of the check', async (wanted, said) => {
  for (const call of [`${API}.startTrace(${wanted});`, `${API}.startTrace(${wanted}); ${API}.stopTrace();`]) {
    const ran = await nodeTest(`${call} ${call}`)
    expect(failures(ran), ran.stdout + ran.stderr).toBe(4)
    // Two calls at one place.
    expect(ran.said.length).toBe(said.length * 2)
    expect([...new Set(ran.said)]).toEqual(said)
  }
})

test('configure() in a setup file is the way to change them, and startTrace() changes nothing of that', async () => {
  const wanted = "{ ignore: ['cursorleak_own_options'] }"
  const ran = await nodeTest(`${API}.startTrace({ ignore: ['other'] });`, `${API}.configure(${wanted})`)
  expect([ran.code, failures(ran), ran.said], ran.stdout + ran.stderr).toEqual([0, 0, ['`ignore`']])
})

test('an app that was started before the entry blinds no test', async () => {
  const ran = await nodeTest('', `${API}.startTrace({ enabled: false })`)
  expect([failures(ran), ran.said], ran.stdout + ran.stderr).toEqual([4, ['`enabled`']])
})

test("they hold for the app's own report", async () => {
  const report = `${API}.startTrace({ format: 'json', idleMs: 0, ignore: ['cursorleak_own_options'] }); await things.find().next(); ${API}.printTrace();`
  const ran = await nodeTest(report)
  expect([ran.code, ran.said]).toEqual([1, ['`ignore`']])
  expect(ran.stderr).toMatch(/^\{"leaked":0,/m)
})
