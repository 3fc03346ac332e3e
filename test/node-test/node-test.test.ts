import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { node } from './node-test.ts'

const IMPORT = ['--import', 'cursorleak/node-test']
const SPEC = ['--test-reporter', 'spec', '--test-reporter-destination', 'stdout']
const uri = inject('mongoUri')

test('only the leaking tests fail, with all that stands around them in a run', async () => {
  const found = await node({ args: [...IMPORT, '--test', ...SPEC, 'test/orders.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/orders.txt')
})

test('without --test, and what a suite opens', async () => {
  const found = await node({ args: [...IMPORT, ...SPEC, 'test/shared.test.cjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/shared.txt')
})

test('TAP', async () => {
  const tap = ['--test-reporter', 'tap', '--test-name-pattern', 'leaks at two places']
  const found = await node({ args: [...IMPORT, ...tap, 'test/orders.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/tap.txt')
})

test('a Node that does not show which test runs: overlapping tests are judged with their file, and one line says so', async () => {
  const found = await node({
    args: ['--import', './setup/no-resource.mjs', ...IMPORT, ...SPEC, 'test/orders.test.mjs'],
    uri,
  })
  await expect(found).toMatchFileSnapshot('outputs/no-resource.txt')
})

test('a project without MongoDB, whose workers and forks run no tests', async () => {
  expect(await node({ args: [...IMPORT, '--test', ...SPEC, 'plain.mjs'], uri })).toMatchInlineSnapshot(`
    "$ node --import cursorleak/node-test --test --test-reporter spec --test-reporter-destination stdout plain.mjs
    ✔ a worker and a fork print what they print (<time>)
    ℹ tests 1
    ℹ suites 0
    ℹ pass 1
    ℹ fail 0
    ℹ cancelled 0
    ℹ skipped 0
    ℹ todo 0
    --- exit 0
    "
  `)
})

test('the switch that turns it off', async () => {
  const args = [...IMPORT, ...SPEC, 'test/shared.test.cjs']
  expect(await node({ args, uri, env: { CURSORLEAK: 'off' } })).toMatch(/ℹ fail 0[\s\S]*--- exit 0/)
})

test('an option that cannot be used ends the run with one sentence', async () => {
  const found = await node({ args: [...IMPORT, 'plain.mjs'], uri, env: { CURSORLEAK_SETTLE_MS: 'soon' } })
  expect(found).toContain(
    `cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0`,
  )
  expect(found).toContain('--- exit 1')
})

test('docs/node-test.md shows what is printed', async () => {
  const page = readFileSync(new URL('../../docs/node-test.md', import.meta.url), 'utf8')
  const found = await node({
    args: [...IMPORT, '--test', ...SPEC, '--test-name-pattern', '^orders', 'test/orders.test.mjs'],
    uri,
  })
  expect(page).toContain(found.replace(/\n--- exit.*/s, ''))
})
