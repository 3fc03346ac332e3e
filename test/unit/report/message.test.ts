import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { toErrors } from '../../../src/report/error.ts'
import { groupLeaks } from '../../../src/report/group.ts'
import type { LeakKind, LeakState } from '../../../src/report/leak.ts'
import { message, pageOf } from '../../../src/report/message.ts'
import { warning } from '../../../src/report/warn.ts'
import { newLeak } from './leaks.ts'

test('says what, where, how to fix it and how to allow it', () => {
  expect(message(newLeak())).toBe(`FindCursor on shop.orders was never closed: open on the server, 3 documents read
  created at openOrders (/app/src/orders.ts:12:20)
  to fix it: \`await using cursor = …\`, or \`try { … } finally { await cursor.close() }\`
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['shop.orders']\`
  read more: cursorleak/docs/states.md#open`)
})

test('what small data hides is said with its number', () => {
  const [first] = message(newLeak({ state: 'abandoned', documentsRead: 1, batch: 101 })).split('\n')
  expect(first).toBe(
    'FindCursor on shop.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server',
  )
})

const STATES: LeakState[] = ['idle', 'open', 'abandoned', 'lost', 'busy', 'swept', 'unfinished', 'unkilled']
const KINDS: LeakKind[] = ['cursor', 'changeStream', 'session', 'client']
test.each(STATES)('the page that a message names has a chapter: %s', (state) => {
  const page = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8')
  for (const kind of KINDS) {
    const [, anchor] = pageOf(newLeak({ kind, state })).split('#')
    expect(page.split('\n')).toContain(`## ${anchor}`)
  }
})

test('a session names the helper and who called it, in another file if there is one', () => {
  const session = newLeak({
    ...{ kind: 'session', operation: 'ClientSession', namespace: 'db.example', documentsRead: undefined },
    stack: [
      '    at openOrders (/app/src/orders.ts:12:20)',
      '    at list (/app/src/orders.ts:30:2)',
      '    at handle (/app/node_modules/express/lib/router.js:1:1)',
      '    at /app/test/orders.test.ts:5:9',
    ].join('\n'),
  })
  expect(message(session).split('\n')[1]).toBe(
    '  created at openOrders (/app/src/orders.ts:12:20), called at /app/test/orders.test.ts:5:9',
  )
})

test('a client takes one line, with its warning too, and is not allowed by a call inside a test', () => {
  const client = newLeak({
    ...{ kind: 'client', operation: 'MongoClient', namespace: 'db.example:27017', documentsRead: undefined },
    fix: '`await client.close()` in an `afterAll`',
  })
  const text = `MongoClient on db.example:27017 was never closed: still connected at the end of the file; created at openOrders (/app/src/orders.ts:12:20), called at /app/test/orders.test.ts:5:9; to fix it: \`await client.close()\` in an \`afterAll\`; to allow it: the option \`levels: { client: 'off' }\`; read more: cursorleak/docs/states.md#client`
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
