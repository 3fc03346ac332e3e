import { expect, test } from 'vitest'
import { holdsAll } from '../../../../src/trace/bounds/bound.ts'

const cursor = (batchSize?: number) => ({ cursorOptions: batchSize === undefined ? {} : { batchSize } })

test('a second batch, had it been full, would have reached the limit', () => {
  expect(holdsAll(cursor(5), 7, 6)).toBe(true)
  expect(holdsAll(cursor(5), 10, 6)).toBe(true)
  expect(holdsAll(cursor(5), 11, 6)).toBe(false)
  expect(holdsAll(cursor(5), 7, 5)).toBe(false)
})

test('without a batch size the second batch is as large as the server can make it', () => {
  expect(holdsAll(cursor(), 500, 101)).toBe(false)
  expect(holdsAll(cursor(), 500, 102)).toBe(true)
})

test('no bound, no end', () => {
  expect(holdsAll(cursor(5), undefined, 6)).toBe(false)
})
