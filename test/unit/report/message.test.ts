import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { toErrors } from '../../../src/report/error.ts'
import { groupLeaks } from '../../../src/report/group.ts'
import { message } from '../../../src/report/message.ts'
import { warning } from '../../../src/report/warn.ts'
import { newLeak } from './leaks.ts'

test('says what, where, how to fix it and how to allow it', () => {
  expect(message(newLeak())).toBe(`FindCursor on shop.orders was never closed: open on the server, 3 documents read
  created at openOrders (/app/src/orders.ts:12:20)
  to fix it: \`await using cursor = …\`, or \`try { … } finally { await cursor.close() }\`
  to allow it: \`allowLeaks()\` in the test, or the option \`ignore: ['shop.orders']\``)
})

test('a client takes one line, with its warning too, and is not allowed by a call inside a test', () => {
  const client = newLeak({
    ...{ kind: 'client', operation: 'MongoClient', namespace: 'db.example:27017', documentsRead: undefined },
    fix: '`await client.close()` in an `afterAll`',
  })
  const text =
    'MongoClient on db.example:27017 was never closed: still connected at the end of the file; ' +
    'created at openOrders (/app/src/orders.ts:12:20); to fix it: `await client.close()` in an `afterAll`; ' +
    "to allow it: the option `levels: { client: 'off' }`"
  expect(message(client)).toBe(text)
  expect(stripVTControlCharacters(warning(client, '/app/test/orders.test.ts'))).toBe(
    `cursorleak warning in /app/test/orders.test.ts: ${text}`,
  )
})

test('the error is the creation stack under the message', () => {
  const [error] = toErrors([newLeak({ notes: ['noCursorTimeout is set: the server never times it out'] })], 10)
  expect(error).toMatchObject({ name: 'CursorLeakError', code: 'ERR_CURSOR_LEAK' })
  expect(error?.stack).toBe(`CursorLeakError: ${error?.message}\n${newLeak().stack}`)
  expect(error?.leaks).toHaveLength(1)
  expect(Object.keys(error ?? {})).toEqual([])
})

test('one site is one leak with a count; what differs is left out', () => {
  const grouped = groupLeaks([
    newLeak(),
    newLeak({ documentsRead: 4, cursorId: '8', ageMs: 30 }),
    newLeak({ state: 'lost' }),
  ])
  expect(grouped).toMatchObject([
    { count: 2, documentsRead: undefined, ageMs: 30 },
    { count: 1, state: 'lost' },
  ])
  expect(grouped[0]).not.toHaveProperty('cursorId')
  expect(message(grouped[0] ?? newLeak()).split('\n')[0]).toBe(
    'FindCursor on shop.orders was never closed (2 times): open on the server',
  )
})

test('beyond maxReported the rest is counted', () => {
  const leaks = [1, 2, 3].map((line) => newLeak({ createdAt: { file: '/a.ts', line, column: 1, function: 'f' } }))
  const errors = toErrors(leaks, 1)
  expect(errors).toHaveLength(2)
  expect(errors[1]?.message).toBe('2 more creation sites leaked; the option maxReported (1) hides them')
  expect(errors[1]?.leaks).toHaveLength(2)
})
