import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { outputsOf } from './cases.ts'
import { node } from './node-test.ts'

const IMPORT = ['--import', 'cursorleak/node-test']
const SPEC = ['--test-reporter', 'spec', '--test-reporter-destination', 'stdout']
const uri = inject('mongoUri')

outputsOf(process.versions.node.split('.')[0] ?? '')

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
    `cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0 to 2147483647`,
  )
  expect(found).toContain('--- exit 1')
})

test('docs/node-test.md shows what is printed', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
  // Written and checked by the runs above, on Node 24 by the matrix.
  expect(read('../../docs/node-test.md')).toContain(read('outputs/24/shop.txt').replace(/\n--- exit.*/s, ''))
})
