import { expect, test, vi } from 'vitest'
import { isIgnored } from '../../../src/report/ignore.ts'
import { newLeak } from './leaks.ts'

const leak = newLeak({
  createdAt: { file: '/app/src/audit/log.ts', line: 1, column: 1, function: 'Log.append' },
  stack: '    at Log.append (/app/src/audit/log.ts:1:1)\n    at x (/app/node_modules/my-pkg/lib/i.js:2:2)',
})

test.each<[string | RegExp | ((l: typeof leak) => boolean), boolean]>([
  ['shop.orders', true],
  ['shop', true],
  ['orders', false],
  ['Log.append', true],
  ['append', true],
  ['src/audit', true],
  ['my-pkg', true],
  ['pkg', false],
  ['log.ts', true],
  [/^shop\./, true],
  [/AUDIT/i, true],
  [/nothing/, false],
  [(l) => l.state === 'open', true],
  [(l) => l.state === 'lost', false],
])('%s', (rule, expected) => {
  expect(isIgnored(leak, [rule])).toBe(expected)
})

test('an expression with a memory answers the same twice', () => {
  const rule = /shop/g
  expect([isIgnored(leak, [rule]), isIgnored(leak, [rule])]).toEqual([true, true])
})

test('a function that throws hides no leak, and the fault is told as its own', () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const rule = () => {
    throw new TypeError('no such field')
  }
  expect(isIgnored(leak, [rule])).toBe(false)
  expect(written.mock.lastCall?.[0]).toBe(
    'cursorleak: the function in the option ignore threw (TypeError: no such field); what it was asked about is reported\n',
  )
  written.mockRestore()
})
