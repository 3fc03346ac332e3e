import { expect, test, vi } from 'vitest'
import { configure } from '../../../src/options.ts'
import { masked } from '../../../src/report/credentials.ts'
import { isIgnored } from '../../../src/report/ignore.ts'
import type { Leak } from '../../../src/report/leak.ts'
import { message } from '../../../src/report/message.ts'
import { printable } from '../../../src/report/printable.ts'
import { state } from '../../../src/state.ts'
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

const fake = { [Symbol.toStringTag]: 'RegExp', source: 'shop', flags: '' } as unknown as RegExp
const odd = Object.defineProperty(/shop/, 'flags', { value: 'no' })
test.each<[string, unknown, string]>([
  ['answers late', async () => true, 'the function in the option ignore returned a promise, and nothing waits for it'],
  ['rejects', () => Promise.reject(new Error('late')), 'the function in the option ignore threw (Error: late)'],
  // biome-ignore lint/suspicious/noThenProperty: somebody's own kind of promise
  ['answers with a thenable', () => ({ then: () => {} }), 'the function in the option ignore returned a promise'],
  ['has flags that there are not', odd, 'a regular expression in the option ignore threw (SyntaxError'],
])('a rule that %s hides no leak, and is told', async (_, rule, sentence) => {
  state().said.clear()
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  expect(isIgnored(leak, [rule as RegExp])).toBe(false)
  await new Promise((resolve) => setImmediate(resolve))
  expect(written.mock.calls.map(([text]) => text).join('')).toContain(sentence)
  written.mockRestore()
})

test('a function that answers with what counts as true is obeyed, and gets a copy', () => {
  const rule = (one: Leak) => {
    one.namespace = 'changed'
    one.notes.push('changed')
    if (one.createdAt) one.createdAt.file = 'changed'
    return 'yes' as unknown as boolean
  }
  const before = structuredClone(leak)
  expect(isIgnored(leak, [rule])).toBe(true)
  expect(leak).toEqual(before)
})

test('what only says that it is a regular expression is refused', () => {
  expect(() => configure({ ignore: [fake] })).toThrow('option "ignore" is [')
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

/** What is masked, escaped, quoted, or means something in an expression. */
const HOSTILE = [
  'orders',
  "a'b\\c",
  'x\x1b[2J',
  '\u202eevil',
  '##vso[task]x',
  'a\n::error file=x::pwn',
  '{1}`/*',
  "pass='x'",
  'mongodb://u:p@h',
  'a?password=hush&b',
  'q secret: "hush"/i',
  "pass='x'.mongodb://u:p@h.(a|b)*[c]^$😀",
  'x://user:hush@host',
]
test.each(HOSTILE)('the rule that a message advises can be pasted, and names its leak: %j', (collection) => {
  const namespace = `shop.${collection}`
  const text = message(newLeak({ namespace, stack: '' }))
  const [, rule = ''] = /option `(ignore: \[.*\])`/.exec(text) ?? []
  // As a person pastes it, from a message that something may have masked again.
  expect([masked(rule), printable(rule)]).toEqual([rule, rule])
  const { ignore } = new Function(`return { ${rule} }`)()
  state().options.configured = {}
  configure({ ignore })
  expect(isIgnored(newLeak({ namespace, stack: '' }), ignore)).toBe(true)
  expect(isIgnored(newLeak({ namespace: 'other.orders', stack: '' }), ignore)).toBe(false)
  expect(rule).not.toMatch(/hush|u:p/)
  state().options.configured = {}
})
