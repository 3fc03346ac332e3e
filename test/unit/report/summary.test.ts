import { expect, test } from 'vitest'
import type { Leak } from '../../../src/report/leak.ts'
import { summary } from '../../../src/report/summary.ts'
import { newLeak } from './leaks.ts'

const at = (file: string, line: number): Leak['createdAt'] => ({ file, line, column: 1, function: 'open' })

test('nothing was seen: nothing is said', () => {
  expect(summary({ leaks: [], seen: 0, ms: 3 })).toEqual([])
})

test('nothing leaked: one line', () => {
  expect(summary({ leaks: [], seen: 214, ms: 2.6 })).toEqual(['214 cursors seen, none leaked; the checks took 3 ms'])
})

test('nothing leaked, and a worker has more to check: it is not said too early', () => {
  expect(summary({ leaks: [], seen: 2, ms: 2.6, waits: true })).toEqual([
    '2 cursors seen, none leaked so far: a worker has more to check when it ends; the checks took 3 ms',
  ])
})

test('by place over all tests, most first, each kind counted', () => {
  const leaks = [
    newLeak({ createdAt: at('/a.ts', 1), count: 1, test: 'one' }),
    newLeak({ createdAt: at('/b.ts', 2), count: 30, test: 'one' }),
    newLeak({ createdAt: at('/b.ts', 2), count: 6, test: 'two' }),
    newLeak({ createdAt: at('/b.ts', 9), kind: 'changeStream', operation: 'ChangeStream', count: 1, test: 'two' }),
  ]
  expect(summary({ leaks, seen: 90, ms: 41.7 })).toEqual([
    '37 cursors and 1 change stream from 3 places; 90 cursors seen, the checks took 42 ms',
    '  36 × FindCursor on shop.orders, created at open (/b.ts:2:1) in 2 tests',
    '  1 × FindCursor on shop.orders, created at open (/a.ts:1:1)',
    '  1 × ChangeStream on shop.orders, created at open (/b.ts:9:1)',
  ])
})

test('what was only warned about apart: sessions and clients that were never closed', () => {
  const leaks = [
    newLeak({
      kind: 'session',
      level: 'warn',
      operation: 'ClientSession',
      namespace: '',
      createdAt: at('/s.ts', 4),
      count: 2,
    }),
    newLeak({ kind: 'client', level: 'warn', operation: 'MongoClient', namespace: '', createdAt: undefined, count: 1 }),
  ]
  expect(summary({ leaks, seen: 5, ms: 0 })).toEqual([
    '2 sessions and 1 client from 2 places, only warned about; 5 cursors seen, the checks took 0 ms',
    '  2 × ClientSession, created at open (/s.ts:4:1)',
    '  1 × MongoClient, created at a place that no stack shows',
  ])
})
