import path from 'node:path'
import { expect, test } from 'vitest'
import { functionOf, parseFrame, withName, withPlace } from '../../../src/report/stack-frame.ts'

const CWD = process.cwd()

/** A line as engines and mappers write it, and the place and function behind it. */
const FRAMES: ReadonlyArray<[line: string, file: string, at: string, name: string]> = [
  // V8
  ['at first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at /app/src/orders.ts:1:2', '/app/src/orders.ts', '1:2', '<anonymous>'],
  ['at async first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at async /app/src/orders.ts:1:2', '/app/src/orders.ts', '1:2', '<anonymous>'],
  ['at new Repo (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'new Repo'],
  ['at Repo.all [as list] (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'Repo.all'],
  ['at Repo.get open [as open] (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'Repo.get open'],
  ['at #hidden (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', '#hidden'],
  [
    'at Repo.[Symbol.asyncIterator] (/app/src/orders.ts:1:2)',
    '/app/src/orders.ts',
    '1:2',
    'Repo.[Symbol.asyncIterator]',
  ],
  ['at Object.find (by id) [as find] (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'find (by id)'],
  ['at Object.<anonymous> (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', '<anonymous>'],
  ['at Context.<anonymous> (/app/test/orders.ts:1:2)', '/app/test/orders.ts', '1:2', '<anonymous>'],
  // How a function was imported is no part of its name.
  ['at Object.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at Module.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at Function.all (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'all'],
  ['at exports.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at K.exports.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at <anonymous>.exports.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at Object.module.exports.first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at [object Module].first (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  // What compilers call a function without a name.
  ['at _callee$ (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', '<anonymous>'],
  ['at _default (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'default'],
  // Paths with what also stands around a place.
  ['at first (/app/src/(shop)/orders.ts:1:2)', '/app/src/(shop)/orders.ts', '1:2', 'first'],
  ['at /app/src/(shop)/orders.ts:1:2', '/app/src/(shop)/orders.ts', '1:2', '<anonymous>'],
  ['at async /app/(a (b))/orders.ts:1:2', '/app/(a (b))/orders.ts', '1:2', '<anonymous>'],
  ['at first (/app/a) (/b/orders.ts:1:2)', '/app/a) (/b/orders.ts', '1:2', 'first'],
  ['at first (/app/a(/orders.ts:1:2)', '/app/a(/orders.ts', '1:2', 'first'],
  ['at first (/my app/src/orders.ts:1:2)', '/my app/src/orders.ts', '1:2', 'first'],
  ['at first (/app/12:30:1/orders.ts:1:2)', '/app/12:30:1/orders.ts', '1:2', 'first'],
  ['at first (src/(shop)/orders.ts:1:2)', 'src/(shop)/orders.ts', '1:2', 'first'],
  // Windows
  ['at C:\\app\\orders.ts:1:2', 'C:\\app\\orders.ts', '1:2', '<anonymous>'],
  ['at first (C:\\Program Files (x86)\\app\\orders.ts:1:2)', 'C:\\Program Files (x86)\\app\\orders.ts', '1:2', 'first'],
  ['at first (\\\\host\\share\\orders.ts:1:2)', '\\\\host\\share\\orders.ts', '1:2', 'first'],
  ['at first (file:///C:/Program%20Files%20(x86)/orders.ts:1:2)', 'C:\\Program Files (x86)\\orders.ts', '1:2', 'first'],
  // URLs
  ['at first (file:///app/r%C3%A4.ts:1:2)', '/app/rä.ts', '1:2', 'first'],
  ['at async file:///app/src/(shop)/orders.ts?v=12:1:2', '/app/src/(shop)/orders.ts', '1:2', '<anonymous>'],
  ['at first (file://host/share/orders.ts:1:2)', 'file://host/share/orders.ts', '1:2', 'first'],
  ['at first (/app/src/orders.ts?t=1700000000000&v=3f:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at first (/app/src/orders.ts?raw:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at first (http://localhost:5173/@fs/app/src/orders.ts?import:1:2)', '/app/src/orders.ts', '1:2', 'first'],
  ['at first (http://localhost:5173/src/orders.ts:1:2)', 'http://localhost:5173/src/orders.ts', '1:2', 'first'],
  ["at data:text/javascript,f('secret') (a:1:2", 'data:text/javascript…', '1:2', '<anonymous>'],
  ['at first (data:text/javascript;base64,aGk=:1:2)', 'data:text/javascript…', '1:2', 'first'],
  // webpack and Next
  ['at first (webpack://shop/./src/index.ts?1f3c:1:2)', path.join(CWD, 'src/index.ts'), '1:2', 'first'],
  ['at first (webpack:///src/index.ts:1:2)', path.join(CWD, 'src/index.ts'), '1:2', 'first'],
  ['at first (webpack-internal:///(rsc)/./src/index.ts:1:2)', path.join(CWD, 'src/index.ts'), '1:2', 'first'],
  ['at eval (webpack-internal:///./src/index.ts:1:2)', path.join(CWD, 'src/index.ts'), '1:2', 'eval'],
  ['at first (/app/dist/webpack:/shop/src/index.ts:1:2)', path.join(CWD, 'src/index.ts'), '1:2', 'first'],
  ['at first (webpack://shop/./src/gone.ts?1f3c:1:2)', 'webpack://shop/./src/gone.ts', '1:2', 'first'],
  // Code without a file
  ['at first (eval at load (/app/load.js:1:2), <anonymous>:3:4)', '/app/load.js', '1:2', 'first'],
  ['at eval (eval at load (/app/(a)/load.js:1:2), <anonymous>:3:4)', '/app/(a)/load.js', '1:2', 'load'],
  ['at eval (eval at a (eval at b (/app/load.js:1:2), <anonymous>:1:1), <anonymous>:3:4)', '/app/load.js', '1:2', 'a'],
  ['at first (evalmachine.<anonymous>:1:2)', 'evalmachine.<anonymous>', '1:2', 'first'],
  ['at [eval]:1:2', '[eval]', '1:2', '<anonymous>'],
  ['at first (REPL4:1:2)', 'REPL4', '1:2', 'first'],
  // Bun
  ['at <anonymous> (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', '<anonymous>'],
  ['at async <anonymous> (/app/src/(shop)/orders.ts:1:2)', '/app/src/(shop)/orders.ts', '1:2', '<anonymous>'],
  ['at module code (/app/src/orders.ts:1:2)', '/app/src/orders.ts', '1:2', 'module code'],
]

test.each(FRAMES)('%s', (line, file, at, name) => {
  const frame = parseFrame(`    ${line}`)
  expect(frame.site && { ...frame.site, at: `${frame.site.line}:${frame.site.column}` }).toMatchObject({
    file,
    at,
    function: name,
  })
  // What is put into it is found again.
  expect(parseFrame(withPlace(frame, '/x (y)/z.ts:77:88')).site).toMatchObject({
    file: '/x (y)/z.ts',
    line: 77,
    column: 88,
  })
  if (!line.includes('eval at')) {
    expect(parseFrame(withName(frame, 'other')).site).toMatchObject({ file, function: 'other' })
    expect(parseFrame(withName(frame, '')).site).toMatchObject({ file, function: '<anonymous>' })
  }
})

test.each([
  'at async Promise.all (index 0)',
  'at new Promise (<anonymous>)',
  'at Array.map (<anonymous>)',
  'at <anonymous>',
  'at <anonymous>:1:2',
  'at Foo.bar (native)',
  'at moduleEvaluation (native:1:11)',
  'at wasm-function[3] (wasm://wasm/1f2e:1:2)',
  'at eval (eval at <anonymous> (<anonymous>:1:2), <anonymous>:3:4)',
  'at ',
])('no place of a file: %s', (line) => {
  expect(parseFrame(`    ${line}`).site).toBeUndefined()
})

test.each([
  [undefined, '<anonymous>'],
  ['', '<anonymous>'],
  ['async Module.later', 'later'],
  ['VipOrders.list', 'VipOrders.list'],
  ['TestContext.<anonymous>', '<anonymous>'],
])('the function of %s', (name, own) => {
  expect(functionOf(name)).toBe(own)
})

test('a long line is read in a time that does not grow faster than it', () => {
  const started = performance.now()
  for (const part of ['(', ' (', ')', ':1', ' (/', 'eval at a (']) parseFrame(`    at ${part.repeat(50_000)}:1:2)`)
  expect(performance.now() - started).toBeLessThan(1_000)
})
