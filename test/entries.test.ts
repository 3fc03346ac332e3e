import { createRequire } from 'node:module'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from './support/project.ts'
import { run, stable } from './support/run.ts'

/** A test that leaks: green where nobody looks. */
const leaking = (prelude: string, test = 'test'): string => `
${prelude}
import { MongoClient } from 'mongodb'
${test}('leaks', async () => {
  const client = new MongoClient(process.env.MONGODB_URI)
  const things = client.db('cursorleak_entries').collection(process.pid + '_' + Date.now())
  await things.insertMany(Array.from({ length: 200 }, (_, n) => ({ n })))
  await things.find().next()
  await client.close()
})
`

const FILES: Record<string, string> = {
  'package.json': '{"private":true,"type":"module"}',
  'vitest.config.mjs': `export default { test: { include: ['v.test.mjs'], setupFiles: [process.env.ENTRY] } }`,
  'v.test.mjs': leaking("import { test } from 'vitest'"),
  'jest.config.cjs': `module.exports = { transform: {}, testMatch: ['**/j.test.mjs'], moduleFileExtensions: ['mjs', 'cjs', 'js'], ...JSON.parse(process.env.MORE) }`,
  'j.test.mjs': leaking("import { test } from '@jest/globals'"),
  'm.spec.mjs': leaking('', 'it'),
  'imports.spec.mjs': leaking("import 'cursorleak/mocha'", 'it'),
  'imports.spec.cjs': `require('cursorleak/mocha')\nit('passes', () => {})`,
  'tdd.spec.mjs': `import 'cursorleak/mocha'\nsuite('one', () => test('passes', () => {}))`,
  'n.test.mjs': leaking("import { test } from 'node:test'"),
  'plain.mjs': `console.log('ran')`,
}

let folder = ''
beforeAll(() => {
  folder = project(FILES, ['jest', 'vitest', 'mocha', 'mongodb', '@jest/globals'])
})
afterAll(removeProjects)

async function output(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, args, {
    cwd: folder,
    env: { MONGODB_URI: inject('mongoUri'), ...env },
  })
  const text = [stdout.trim(), stderr.trim()].filter(Boolean).join('\n--- stderr\n')
  return `${stable(text, folder)
    .replace(/^ +at .*\(?node:internal\/.*\n/gm, '')
    .replace(/(node:internal\/[\w/]+):\d+$/gm, '$1')
    .replace(/^(.*duration_ms:?) .*$/gm, '$1 <time>')
    .replace(/^.* v\d+\.\d+\.\d+.*\n?/gm, '')}\n--- exit ${code}`
}
const bin = (name: string, file: string): string =>
  path.join(path.dirname(createRequire(`${folder}/`).resolve(`${name}/package.json`)), file)
const sentences = (text: string): string[] => [...new Set(text.match(/cursorleak: .*?(?=\]?$)/gm))]

const vitest = (entry: string): Promise<string> => output([bin('vitest', 'vitest.mjs'), 'run'], { ENTRY: entry })
const jest = (more: object, flags: string[] = []): Promise<string> =>
  output([...flags, bin('jest', 'bin/jest.js'), '--ci'], { MORE: JSON.stringify(more) })
const ESM = ['--experimental-vm-modules', '--no-warnings']
/** By its path: a linked Mocha imports from its own folder only. */
const file = (name: string): string => path.join(folder, 'node_modules/cursorleak/dist', name)
/** Mocha asks for `--require` from its own folder; in a user's project both packages stand side by side. */
const mocha = (...args: string[]): Promise<string> =>
  output([bin('mocha', 'bin/mocha.js'), ...args], { NODE_PATH: path.join(folder, 'node_modules') })

test("Vitest: another runner's entry fails each file with one sentence", async () => {
  expect(await vitest('cursorleak/jest')).toMatchInlineSnapshot(`
    "
     ❯ v.test.mjs (0 test)

     Test Files  1 failed (1)
          Tests  no tests
       Start at  <clock>
       Duration  <time> (transform <time>, setup <time>, import <time>, tests <time>, environment <time>)
    --- stderr
    ⎯ Failed Suites 1 ⎯

     FAIL  v.test.mjs [ v.test.mjs ]
    CursorLeakSetupError: cursorleak: cursorleak/jest is for Jest, and this is Vitest: list 'cursorleak/vitest' in \`setupFiles\` instead
    ⎯[1/1]⎯
    --- exit 1"
  `)
})

test.each([
  ['mocha', 'Mocha'],
  ['node-test', 'node:test'],
])('Vitest: cursorleak/%s', async (entry, name) => {
  expect(sentences(await vitest(`cursorleak/${entry}`))).toEqual([
    `cursorleak: cursorleak/${entry} is for ${name}, and this is Vitest: list 'cursorleak/vitest' in \`setupFiles\` instead`,
  ])
})

test('Jest: setupFiles, which come before its hooks', async () => {
  expect(await jest({ setupFiles: ['cursorleak/jest'] }, ESM)).toMatchInlineSnapshot(`
    "FAIL ./j.test.mjs
      ● Test suite failed to run

        CursorLeakSetupError: cursorleak: cursorleak/jest was loaded before Jest has its hooks: list it in \`setupFilesAfterEnv\`, not in \`setupFiles\`

    Test Suites: 1 failed, 1 total
    Tests:       0 total
    Snapshots:   0 total
    Time:        <time>
    Ran all test suites.
    --- exit 1"
  `)
})

test.each([
  ['mocha', 'Mocha'],
  ['node-test', 'node:test'],
  ['vitest', 'Vitest'],
])('Jest: cursorleak/%s', async (entry, name) => {
  const text = await jest({ setupFilesAfterEnv: [`cursorleak/${entry}`] }, ESM)
  expect(sentences(text)).toEqual([
    `cursorleak: cursorleak/${entry} is for ${name}, and this is Jest: list 'cursorleak/jest' in \`setupFilesAfterEnv\` instead`,
  ])
  expect(text).toContain('--- exit 1')
})

test('Jest: globalSetup, where there is no test file', async () => {
  const text = await jest({ globalSetup: 'cursorleak/jest' }, ESM)
  expect(sentences(text)).toEqual([
    "cursorleak: cursorleak/jest was loaded outside of Jest: list 'cursorleak/jest' in `setupFilesAfterEnv`",
  ])
})

test("Mocha: another runner's entry ends the run", async () => {
  expect(await mocha('--require', file('jest/build/index.cjs'), 'm.spec.mjs')).toMatchInlineSnapshot(`
    "✖ ERROR: [CursorLeakSetupError: cursorleak: cursorleak/jest is for Jest, and this is Mocha: load it by \`mocha --require cursorleak/mocha\`, or "require": ["cursorleak/mocha"] in .mocharc.json instead]
    --- exit 1"
  `)
})

test.each([
  ['node-test/index.cjs', 'cursorleak/node-test is for node:test'],
  ['vitest/index.mjs', 'cursorleak/vitest is for Vitest'],
])('Mocha: %s', async (entry, is) => {
  expect(sentences(await mocha('--require', file(entry), 'm.spec.mjs'))).toEqual([
    `cursorleak: ${is}, and this is Mocha: load it by \`mocha --require cursorleak/mocha\`, or "require": ["cursorleak/mocha"] in .mocharc.json instead`,
  ])
})

test('Mocha: an import in a test file ends the run, in both formats and interfaces', async () => {
  expect(await mocha('imports.spec.mjs')).toMatchInlineSnapshot(`
    "Exception during run: [CursorLeakSetupError: cursorleak: cursorleak/mocha was loaded by a test file: Mocha takes our hooks from its own \`--require\` alone: \`mocha --require cursorleak/mocha\`, or "require": ["cursorleak/mocha"] in .mocharc.json]
    --- exit 1"
  `)
  expect(await mocha('imports.spec.cjs')).toMatchInlineSnapshot(`
    "Exception during run: [CursorLeakSetupError: cursorleak: cursorleak/mocha was loaded by a test file: Mocha takes our hooks from its own \`--require\` alone: \`mocha --require cursorleak/mocha\`, or "require": ["cursorleak/mocha"] in .mocharc.json]
    --- exit 1"
  `)
  expect(await mocha('--ui', 'tdd', 'tdd.spec.mjs')).toContain('--- exit 1')
})

test('Mocha: --import of Node brings no hooks, so the run is red and says why', async () => {
  const whole = await mocha('--import=cursorleak/mocha', 'm.spec.mjs')
  expect(whole).toMatchInlineSnapshot(`
    "✔ leaks (<time>)

      1 passing (<time>)
    --- stderr
    cursorleak: nothing was checked: Mocha takes our hooks from its own \`--require\` alone: \`mocha --require cursorleak/mocha\`, or "require": ["cursorleak/mocha"] in .mocharc.json, not from node's \`--import\` or \`--require\`
    --- exit 1"
  `)
})

test.each(['--exit', '--parallel'])('Mocha: --import of Node with %s', async (flag) => {
  const text = await mocha('--import=cursorleak/mocha', flag, 'm.spec.mjs')
  expect([sentences(text).length, text.slice(-10)]).toEqual([1, '--- exit 1'])
})

test('Mocha: with --require as well, nothing more is said', async () => {
  const text = await mocha(
    '--import=cursorleak/mocha',
    '--require',
    'cursorleak/mocha',
    'm.spec.mjs',
    'imports.spec.mjs',
  )
  expect(sentences(text)).toEqual([])
  expect(text).toContain('cursorleak warning in "leaks"')
})

test("node:test: another runner's entry ends the process", async () => {
  expect(
    await output(['--import', 'cursorleak/jest', '--test', '--test-reporter=tap', 'n.test.mjs']),
  ).toMatchInlineSnapshot(`
    "TAP version 13
    # node:internal/modules/run_main
    #     triggerUncaughtException(
    #     ^
    # [CursorLeakSetupError: cursorleak: cursorleak/jest is for Jest, and this is node:test: start it by \`node --import cursorleak/node-test --test\` instead]
    # Subtest: <folder>/n.test.mjs
    not ok 1 - <folder>/n.test.mjs
      ---
      duration_ms: <time>
      location: '<folder>/n.test.mjs:1:1'
      failureType: 'testCodeFailure'
      exitCode: 1
      signal: ~
      error: 'test failed'
      code: 'ERR_TEST_FAILURE'
      ...
    1..1
    # tests 1
    # suites 0
    # pass 0
    # fail 1
    # cancelled 0
    # skipped 0
    # todo 0
    # duration_ms <time>
    --- exit 1"
  `)
})

test.each([
  ['vitest', 'Vitest'],
  ['mocha', 'Mocha'],
])('node:test: cursorleak/%s', async (entry, name) => {
  expect(sentences(await output(['--import', `cursorleak/${entry}`, '--test', 'n.test.mjs']))).toEqual([
    `cursorleak: cursorleak/${entry} is for ${name}, and this is node:test: start it by \`node --import cursorleak/node-test --test\` instead`,
  ])
})

test('plain Node', async () => {
  expect(await output(['--import', 'cursorleak/vitest', 'plain.mjs'])).toMatchInlineSnapshot(`
    "node:internal/modules/run_main
        triggerUncaughtException(
        ^

    [CursorLeakSetupError: cursorleak: cursorleak/vitest was loaded outside of Vitest: list 'cursorleak/vitest' in \`setupFiles\`]


    --- exit 1"
  `)
})
