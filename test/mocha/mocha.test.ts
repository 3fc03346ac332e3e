import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { mocha } from './mocha.ts'

const REQUIRE = ['--require', 'cursorleak/mocha']
const uri = inject('mongoUri')

test('only the leaking tests fail, with all that stands around them in a run', async () => {
  const found = await mocha({ args: [...REQUIRE, 'test/orders.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/orders.txt')
})

test('several files in one process: what suites open is judged at the end; what they allow and configure stays theirs', async () => {
  const found = await mocha({ args: ['--config', 'mocharc.json', '--sort', '--ignore', 'test/orders.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/files.txt')
})

test('--parallel', async () => {
  const found = await mocha({
    args: ['--parallel', '--jobs', '2', ...REQUIRE, 'test/shared.test.cjs', 'test/configured.test.mjs'],
    uri,
  })
  await expect(found).toMatchFileSnapshot('outputs/parallel.txt')
})

test('--bail stops at the first leak', async () => {
  const found = await mocha({ args: ['--bail', ...REQUIRE, 'test/orders.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/bail.txt')
})

test('a root hook of the user that fails hides no leak', async () => {
  const found = await mocha({ args: [...REQUIRE, 'failing-hook.test.mjs'], uri })
  await expect(found).toMatchFileSnapshot('outputs/failing-hook.txt')
})

test('a Mocha that takes no late hooks: all leaks at the end, and one line that says so', async () => {
  const args = ['--require', './setup/no-late-hooks.cjs', ...REQUIRE, 'test/orders.test.mjs']
  await expect(await mocha({ args, uri })).toMatchFileSnapshot('outputs/no-late-hooks.txt')
})

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
    ✖ ERROR: OptionError [CursorLeakOptionError]: cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0
    --- exit 1
    "
  `)
})

test('docs/mocha.md shows what is printed', async () => {
  const page = readFileSync(new URL('../../docs/mocha.md', import.meta.url), 'utf8')
  const found = await mocha({ args: [...REQUIRE, '--grep', '^orders (leaks|reads)', 'test/orders.test.mjs'], uri })
  expect(page).toContain(found.replace(/\n--- exit.*/s, ''))
})
