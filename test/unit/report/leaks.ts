import type { Leak } from '../../../src/report/leak.ts'

/** A leak as a check makes it, for the tests of what is said about it. */
export function newLeak(changes: Partial<Leak> = {}): Leak {
  return {
    kind: 'cursor',
    state: 'open',
    level: 'fail',
    namespace: 'shop.orders',
    operation: 'FindCursor',
    createdAt: { file: '/app/src/orders.ts', line: 12, column: 20, function: 'openOrders' },
    stack: '    at openOrders (/app/src/orders.ts:12:20)\n    at /app/test/orders.test.ts:5:9',
    documentsRead: 3,
    cursorId: '7',
    ageMs: 10,
    count: 1,
    fix: '`await using cursor = …`, or `try { … } finally { await cursor.close() }`',
    notes: [],
    ...changes,
  }
}
