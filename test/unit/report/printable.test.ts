import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLine, printable, printableLines, quoted } from '../../../src/report/printable.ts'

test.each([
  ['shop.orders', 'shop.orders'],
  ['Größe 名前 👩‍👩‍👧 naïve', 'Größe 名前 👩‍👩‍👧 naïve'],
  ['C:\\work\\a.ts', 'C:\\work\\a.ts'],
  ['\x1b[2J\x1b]52;c;aGk=\x07', '\\x1b[2J\\x1b]52;c;aGk=\\x07'],
  ['a\n::error file=x::y', 'a\\n::error file=x::y'],
  ['a\r\u2028\u2029\t', 'a\\r\\u2028\\u2029\\t'],
  ['\u009b31m\u202egnp\u2066', '\\x9b31m\\u202egnp\\u2066'],
  [
    '##[error]x ##vso[task.setvariable]y ##teamcity[z]',
    '\\x23#[error]x \\x23#vso[task.setvariable]y \\x23#teamcity[z]',
  ],
  ['# ## heading', '# ## heading'],
  ['mongodb://root:hush@db/x', 'mongodb://***@db/x'],
  ['\ud800', '\\ud800'],
  ['\u{e0041}', '\\udb40\\udc41'],
])('%j', (text, safe) => {
  expect(printable(text)).toBe(safe)
})

test('a name of a megabyte is cut', () => {
  expect(printable('x'.repeat(1_000_000))).toHaveLength(500)
  expect(printable('x'.repeat(300), 100)).toBe(`${'x'.repeat(99)}…`)
})

test('several lines stay several', () => {
  expect(printableLines('\ta\x1b\n  at b (mongodb://root:hush@db)\r')).toBe('\ta\\x1b\n  at b (mongodb://***@db)\\r')
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not come out
const RAW = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|##(\[|vso\[|teamcity\[)/

test('whatever comes in: nothing raw comes out, and what is quoted can be pasted', () => {
  const nasty = fc.constantFrom(
    '\x1b',
    '\n',
    '\r',
    "'",
    '\\',
    '\u009b',
    '\u202e',
    '##[',
    '${',
    '`',
    '\ud800',
    '\u{1f600}',
  )
  const text = fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (given) => {
      expect(printable(given)).not.toMatch(RAW)
      expect(quoted(given)).not.toMatch(RAW)
      expect(new Function(`return ${quoted(given)}`)()).toBe(given)
      expect(jsonLine({ [given]: given })).not.toMatch(RAW)
      expect(JSON.parse(jsonLine([given]))).toEqual([given])
    }),
    { numRuns: 2_000 },
  )
})
