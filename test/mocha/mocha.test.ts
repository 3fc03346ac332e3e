import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { outputs, REQUIRE } from './cases.ts'
import { mocha } from './mocha.ts'

const uri = inject('mongoUri')

outputs()

test('configure() in a required file holds for all tests, required before or after', async () => {
  for (const args of [
    ['--require', './setup/configure.cjs', ...REQUIRE],
    [...REQUIRE, '--require', './setup/configure.cjs'],
  ]) {
    expect(await mocha({ args: [...args, '--grep', '^orders leaks$', 'test/orders.test.mjs'], uri })).toMatch(
      /1 passing.*\n--- exit 0/,
    )
  }
})

test('a project without MongoDB, and the switch that turns it off', async () => {
  expect(await mocha({ args: [...REQUIRE, 'plain.test.cjs'], uri })).toMatchInlineSnapshot(`
    "$ mocha --require cursorleak/mocha plain.test.cjs


      ✔ passes

      1 passing (<time>)
    --- exit 0
    "
  `)
  const env = { CURSORLEAK: 'off' }
  expect(
    await mocha({ args: [...REQUIRE, '--grep', '^orders leaks$', 'test/orders.test.mjs'], uri, env }),
  ).toMatchInlineSnapshot(`
    "$ mocha --require cursorleak/mocha --grep ^orders leaks$ test/orders.test.mjs


      orders
        ✔ leaks


      1 passing (<time>)
    --- exit 0
    "
  `)
})

test('an option that cannot be used ends the run with one sentence', async () => {
  // By its path: that it stands in a project of its own is what the matrix shows.
  const args = ['--require', '../../dist/mocha/index.cjs', 'plain.test.cjs']
  const found = await mocha({ args, uri, env: { CURSORLEAK_SETTLE_MS: 'soon' } })
  expect(found.replace(/^ +at .*\n/gm, '')).toMatchInlineSnapshot(`
    "$ mocha --require ../../dist/mocha/index.cjs plain.test.cjs

    --- stderr
    ✖ ERROR: OptionError [CursorLeakOptionError]: cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0 to 2147483647
    --- exit 1
    "
  `)
})

test('docs/mocha.md shows what is printed', async () => {
  const page = readFileSync(new URL('../../docs/mocha.md', import.meta.url), 'utf8')
  const found = await mocha({ args: [...REQUIRE, '--grep', '^orders (leaks|reads)', 'test/orders.test.mjs'], uri })
  expect(page).toContain(found.replace(/\n--- exit.*/s, ''))
})
