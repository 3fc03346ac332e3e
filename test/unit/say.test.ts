import { afterEach, expect, test, vi } from 'vitest'
import { errorText, guard, sayOnce } from '../../src/say.ts'
import { state } from '../../src/state.ts'

afterEach(() => vi.restoreAllMocks())

const unprintable = {
  toString() {
    throw new Error('no text')
  },
}
const noStack = Object.defineProperty(new Error('odd'), 'stack', {
  get() {
    throw unprintable
  },
})
test.each<[string, unknown, string]>([
  ['an error', new TypeError('a\x1b[2J\n::error::x'), 'TypeError: a\\x1b[2J\\n::error::x'],
  ['with a secret', new Error('mongodb://root:hush@db'), 'Error: mongodb://***@db'],
  ['null', null, 'null'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['a text that throws', unprintable, 'what was thrown has no text'],
  ['no prototype', Object.create(null), 'what was thrown has no text'],
  ['a stack that throws', noStack, 'Error: odd'],
])('what was thrown, in a line: %s', (_, error, text) => {
  expect(errorText(error)).toBe(text)
})

test.each([unprintable, noStack, null, undefined])('a fault of ours reaches nobody, whatever it throws', (error) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  state().said.clear()
  const fault = () => {
    throw error
  }
  expect(guard('looking', fault)).toBeUndefined()
  expect(guard('looking', fault)).toBeUndefined()
  expect(said.mock.calls.length).toBe(1)
  expect(said.mock.calls[0]?.[0]).toMatch(/^cursorleak: internal fault while looking; this object is not checked\. /)
})

test('a stderr that throws is no fault of who made us speak', () => {
  vi.spyOn(process.stderr, 'write').mockImplementation(() => {
    throw new Error('closed')
  })
  expect(() => sayOnce('a sentence of the test of stderr; it belongs here')).not.toThrow()
})
