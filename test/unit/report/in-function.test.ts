import { expect, test } from 'vitest'
import { isInFunction } from '../../../src/report/in-function.ts'

/** The place is that of the word `here`. */
const isInside = (line: string): boolean => isInFunction(line, line.indexOf('here') + 1)

test.each([
  "it('one line', async () => { const s = await here() })",
  'const helper = async () => { return await here() }',
  'const helper = async (a = {}, b) => here()',
  "it('one line', async function () { await wait(1); await here() })",
  "it('one line', async function ({ task }) { await here() })",
  "test('a) b', async () => { if (a) { b() } await here() })",
  'const f = (a) => (b) => here()',
  'const f = () => g(() => { a() }, here())',
  'beforeEach(async () => Promise.all([one(), here()]))',
])('in a function of its line: %s', (line) => {
  expect(isInside(line)).toBe(true)
})

test.each([
  'export const feed = await here()',
  'const rows = list.map((x) => x.id), feed = await here()',
  'const rows = list.map((x) => { return x.id }); await here()',
  'const all = await Promise.all([one(), here()])',
  'const all = await Promise.all([() => 1, here()])',
  "export const feed = (await connect('function () =>')).db().here()",
  'function a() { return 1 } await here()',
  'const a = () => { return 1 } /* => */; await here()',
  'const { a, b } = await here({ find: () => 1 })',
  'await wait(() => 1).then(here())',
])('in the body of its module: %s', (line) => {
  expect(isInside(line)).toBe(false)
})
