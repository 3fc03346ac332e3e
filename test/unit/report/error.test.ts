import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { chained, reword, toErrors } from '../../../src/report/error.ts'
import { newLeak } from './leaks.ts'

const leaks = ['orders', 'customers', 'products', 'carts'].map((name) => newLeak({ namespace: `shop.${name}` }))

test('one error for all sites: named in the message, each the cause of the one before', () => {
  const errors = toErrors(leaks.slice(0, 2), 10)
  const error = chained(errors)
  expect(error.message.split('\n').at(-1)).toBe(
    '  also leaked: FindCursor on shop.customers was never closed: open on the server, 3 documents read; created at openOrders (/app/src/orders.ts:12:20)',
  )
  expect(error.stack).toBe(`CursorLeakError: ${error.message}\n${leaks[0]?.stack}`)
  expect(error.cause).toBe(errors[1])
  // What a worker of Mocha sends is the enumerable part.
  expect(Object.keys(error)).toEqual(['cause'])
  expect(inspect(error)).toContain('cause: CursorLeakError: FindCursor on shop.customers')
})

test('what maxReported hides is counted, not listed', () => {
  const { message } = chained(toErrors(leaks, 2))
  expect(message.split('\n').slice(-2)).toEqual([
    expect.stringContaining('also leaked: FindCursor on shop.customers'),
    '  2 more creation sites leaked; the option maxReported (2) hides them',
  ])
  expect(message).not.toContain('carts')
})

test('a single error stays as it is', () => {
  const [error] = toErrors(leaks.slice(0, 1), 10)
  const before = error?.message
  expect(error && chained([error]).message).toBe(before)
  expect(error).not.toHaveProperty('cause')
})

test('reword() changes the stack too', () => {
  const error = new Error('old $& text')
  reword(error, 'new $& text')
  expect(error.message).toBe('new $& text')
  expect(error.stack?.split('\n')[0]).toBe('Error: new $& text')
})
