import { Long } from 'mongodb'
import { expect, test } from 'vitest'
import { field, isPlain, longToBigInt } from '../../../src/trace/fields.ts'

test('a field by its name, else by a symbol of that description', () => {
  expect(field({ cursorFilter: 1 }, 'cursorFilter', 'filter')).toBe(1)
  expect(field({ [Symbol('filter')]: 2 }, 'cursorFilter', 'filter')).toBe(2)
  expect(field({}, 'cursorFilter', 'filter')).toBeUndefined()
})

test('a getter that throws is a field that can not be read', () => {
  const target = Object.defineProperty({}, 'topology', {
    get() {
      throw new Error('not connected')
    },
  })
  expect(field(target, 'topology')).toBeUndefined()
})

test('64-bit ids keep every digit', () => {
  expect(longToBigInt(Long.fromString('8793201122334455667'))).toBe(8793201122334455667n)
  expect(longToBigInt(Long.fromString('-3'))).toBe(-3n)
  expect(longToBigInt(Long.ZERO)).toBe(0n)
  expect(longToBigInt(7)).toBe(7n)
  expect(longToBigInt(null)).toBeUndefined()
  expect(longToBigInt({})).toBeUndefined()
})

test('plain objects', () => {
  expect([{}, Object.create(null), { a: 1 }].every(isPlain)).toBe(true)
  expect([[], new Date(), /a/, Long.ZERO, null, 'a'].some(isPlain)).toBe(false)
})
