import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { output as outputOf, ROOT } from './output.ts'

let server: Server

// Its own: the server's cursors and connections are counted.
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server.stop())

const output = (database: string, program: string, ...args: string[]): Promise<string> =>
  outputOf({
    uri: server.uri,
    database,
    args: program === '' ? args : [path.join(ROOT, 'node_modules', program), ...args],
  })

const snapshot = (name: string): string => path.join('outputs', name)

test('Vitest: each failure of the synchronous matcher', async () => {
  const text = await output('vitest_sync', 'vitest/vitest.mjs', 'run', 'leaks')
  await expect(text).toMatchFileSnapshot(snapshot('vitest-leaks.txt'))
})

test('Vitest: the matchers that ask the server', async () => {
  const text = await output('vitest_server', 'vitest/vitest.mjs', 'run', 'server')
  await expect(text).toMatchFileSnapshot(snapshot('vitest-server.txt'))
})

test('Vitest: tracing that is not on, or switched off, never passes', async () => {
  const text = await output('vitest_off', 'vitest/vitest.mjs', 'run', '--config', 'off.config.ts')
  await expect(text).toMatchFileSnapshot(snapshot('vitest-off.txt'))
})

test('Jest: the matchers by hand', async () => {
  await expect(await output('orders_of_jest', 'jest/bin/jest.js', '--ci')).toMatchFileSnapshot(snapshot('jest.txt'))
})

test('Jest: what the one line of the setup brings, with the global `expect` and that of @jest/globals', async () => {
  const text = await output('orders_of_check', 'jest/bin/jest.js', '--ci', '--config', 'jest-check.config.cjs')
  await expect(text).toMatchFileSnapshot(snapshot('jest-check.txt'))
})

test.each([
  ['imported', 'mocha/leaks.test.mjs'],
  ['required', 'mocha/required.test.cjs'],
])('Mocha: the matchers of Chai, beside the check: %s', async (name, file) => {
  const args = ['--no-config', '--require', path.join(ROOT, 'dist', 'mocha', 'index.mjs'), file]
  await expect(await output(`mocha_${name}`, 'mocha/bin/mocha.js', ...args)).toMatchFileSnapshot(
    snapshot(`mocha-${name}.txt`),
  )
})

const MOCHA = ['--no-config', '--require', path.join(ROOT, 'dist', 'mocha', 'index.mjs'), 'mocha/settled.test.mjs']

// Nobody takes the rejection then, which the runner itself reports.
test.each([
  ['vitest', ['vitest/vitest.mjs', 'run', '--slowTestThreshold=60000', 'settled']],
  [
    'jest',
    ['jest/bin/jest.js', '--ci', '--testMatch=<rootDir>/settled/*.test.cjs', '--setupFilesAfterEnv=cursorleak/jest'],
  ],
  ['mocha', ['mocha/bin/mocha.js', ...MOCHA]],
] as const)(
  '%s: an assertion that nobody awaits, answered before the test ends',
  async (runner, [program, ...args]) => {
    const text = await output(`settled_${runner}`, program, ...args)
    await expect(text).toMatchFileSnapshot(snapshot(`settled-${runner}.txt`))
  },
)

test('node:test: the assertion, beside the check', async () => {
  const args = ['--import', 'cursorleak/node-test', '--test', '--test-reporter=tap', 'node-test/leaks.test.mjs']
  const text = await output('node_test', '', ...args)
  expect(text).toContain('error: |-\n    expected no leaked cursors on <database>.orders, but one was left behind:')
  expect(text).toMatch(/created at Module\.oldest|created at Object\.oldest|created at oldest/)
  expect(text).toContain("code: 'ERR_CURSOR_LEAK'")
  expect(text).toContain('# pass 1\n# fail 1\n')
})
