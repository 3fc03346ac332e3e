import { type Collection, type Db, MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { toHaveNoOpenServerCursors } from '../../src/matchers/index.ts'
import { serverText } from '../../src/matchers/server-text.ts'
import { configure } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { openByCommand, openElsewhere, openOne } from './open.ts'

/** A server that lists idle cursors, as a mongod does. */
let server: Server
let client: MongoClient
let db: Db
const orders = (count: number): Collection => db.collection(`orders${count}`)
/** What a test leaves open for the question. */
const closing: Array<() => Promise<unknown>> = []

beforeAll(async () => {
  server = await startServer({ own: true, idleCursors: true })
  startTracing()
  client = await new MongoClient(server.uri).connect()
  db = client.db('shop')
  for (const count of [3, 2_000]) {
    await orders(count).insertMany(Array.from({ length: count }, (_, number) => ({ number })))
  }
})
afterAll(async () => {
  stopTracing()
  await client.close()
  await server.stop()
})
beforeEach(() => void configure({ settleMs: 0, maxReported: 10 }))
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  state().file.records.clear()
})

const left = async (collection: Collection, options?: object) => {
  const cursor = await openOne(collection, options)
  closing.push(() => cursor.close())
  return cursor
}
/** How long a cursor is open differs from run to run. */
const told = async (target: unknown): Promise<string> => {
  const { pass, message } = await toHaveNoOpenServerCursors(target)
  const text = message().replace(/open for (less than a second|\d+ s)/g, 'open for <age>')
  return `${pass ? 'passes' : 'fails'}: ${text.replace(/127\.0\.0\.1:\d+/, '<host>')}`
}
const refuse = async (failCommands: string[], mode: unknown): Promise<void> => {
  const admin = client.db('admin')
  closing.push(() => admin.command({ configureFailPoint: 'failCommand', mode: 'off' }))
  await admin.command({ configureFailPoint: 'failCommand', mode, data: { failCommands, errorCode: 13 } })
}

const FRAME = `
       6 | /** Two batches at least, where there are three documents. */
       7 | export async function openOne(orders: Collection, options: object = {}): Promise<FindCursor> {
    >  8 |   const cursor = orders.find({}, { batchSize: 2, ...options })
         |                         ^
       9 |   await cursor.next()
      10 |   return cursor`
const open = (name: string, note = ''): string =>
  `  open for <age> on shop.${name}, created at openOne (test/matchers/open.ts:8:25)${note}\n${FRAME}`
const foreign = (name: string): string =>
  `  open for <age> on shop.${name}, created by another process, or before tracing was on`
const holds = (name: string, count: number, ...rest: string[]): string =>
  [
    `fails: expected no open cursors on the server for ${name}, but it holds ${count} (asked with $currentOp)`,
    ...rest,
  ].join('\n\n')
const none = (name: string): string =>
  `passes: expected open cursors on the server for ${name}, but it holds none (asked with $currentOp)`

test.each([3, 2_000])('a cursor open in both places, with its line: %i documents', async (count) => {
  const cursor = await left(orders(count))
  const name = `orders${count}`
  expect(await told(orders(count))).toBe(holds(`shop.${name}`, 1, open(name)))
  await cursor.close()
  expect(await told(orders(count))).toBe(none(`shop.${name}`))
})

test('each target gets what belongs to it', async () => {
  await left(orders(3))
  await left(orders(2_000))
  expect(await told(orders(3))).toBe(holds('shop.orders3', 1, open('orders3')))
  expect(await told(db.collection('orders'))).toBe(none('shop.orders'))
  expect(await told(client.db('sho'))).toBe(none('the database sho'))
  for (const [target, name] of [
    [db, 'the database shop'],
    [client, 'the client of <host>'],
  ] as const) {
    const text = await told(target)
    expect(
      text
        .split('\n\n')
        .filter((part) => part.includes('on shop.'))
        .sort(),
    ).toEqual(['orders2000', 'orders3'].map((one) => open(one).split('\n\n')[0]))
    expect(text).toContain(holds(name, 2))
  }
})

test('the first ones are listed, the rest is counted', async () => {
  configure({ maxReported: 1 })
  await left(orders(3))
  await left(orders(3))
  const rest = '  1 more; the option maxReported (1) hides them'
  expect(await told(orders(3))).toBe(holds('shop.orders3', 2, open('orders3'), rest))
})

test.each([3, 2_000])('closed here by two close() at once, alive there: %i documents', async (count) => {
  const cursor = await openOne(orders(count))
  const { id } = cursor
  closing.push(() => db.command({ killCursors: `orders${count}`, cursors: [id] }))
  await Promise.all([cursor.close(), cursor.close()])
  expect(cursor.killed).toBe(true)
  expect(await told(orders(count))).toBe(holds(`shop.orders${count}`, 1, open(`orders${count}`)))
})

test('opened by a command, for which the driver makes no object: the line of the command', async () => {
  closing.push(await openByCommand(orders(3)))
  expect(await told(orders(3))).toMatchInlineSnapshot(`
    "fails: expected no open cursors on the server for shop.orders3, but it holds 1 (asked with $currentOp)

      open for <age> on shop.orders3, created at openByCommand (test/matchers/open.ts:16:31)

          14 | export async function openByCommand(orders: Collection): Promise<() => Promise<unknown>> {
          15 |   const db = orders.db
        > 16 |   const { cursor } = await db.command({ find: orders.collectionName, batchSize: 2 })
             |                               ^
          17 |   return () => db.command({ killCursors: orders.collectionName, cursors: [cursor.id] })
          18 | }"
  `)
})

test('a cursor of another process', async () => {
  closing.push(await openElsewhere(server.uri, 'shop', 'orders2000'))
  expect(await told(orders(2_000))).toBe(holds('shop.orders2000', 1, foreign('orders2000')))
  expect(await told(orders(3))).toBe(none('shop.orders3'))
})

test('one that the server never times out', async () => {
  await left(orders(3), { noCursorTimeout: true })
  const note = '\n    note: noCursorTimeout is set: the server never times it out'
  expect(await told(orders(3))).toBe(holds('shop.orders3', 1, open('orders3', note)))
})

test('a kill that is on its way is waited for, settleMs long', async () => {
  configure({ settleMs: 5_000 })
  const cursor = await openOne(orders(3))
  const answer = told(orders(3))
  await cursor.close()
  expect(await answer).toBe(none('shop.orders3'))
})

test('all users’ cursors refused: this user’s, and it says so', async () => {
  await left(orders(3))
  await refuse(['aggregate'], { times: 1 })
  const way = 'asked with $currentOp, for the cursors of this user only'
  expect(await told(orders(3))).toBe(
    holds('shop.orders3', 1, open('orders3')).replace('asked with $currentOp', () => way),
  )
})

const COUNTS =
  '  note: this server counts its cursors and does not list them; with access control that takes the privilege `inprog`'

test('$currentOp refused: it counts with serverStatus, and says so', async () => {
  await left(orders(3))
  closing.push(await openElsewhere(server.uri, 'shop', 'orders2000'))
  await refuse(['aggregate'], 'alwaysOn')
  const here = open('orders3').replace('open for <age> on shop.orders3', 'open here')
  const fails = (name: string, way: string): string =>
    `fails: expected no open cursors on the server for ${name}, but it holds 2 (${way})\n\n${here}\n\n${COUNTS}`
  const every = 'asked with serverStatus, which counts those of all namespaces'
  expect(await told(orders(3))).toBe(fails('shop.orders3', every))
  expect(await told(client)).toBe(fails('the client of <host>', 'asked with serverStatus'))
})

test('nothing allowed is an error, never a pass', async () => {
  await refuse(['aggregate', 'serverStatus'], 'alwaysOn')
  await expect(toHaveNoOpenServerCursors(orders(3))).rejects.toThrow(
    /^the server tells nothing of its open cursors: [^;]*$/,
  )
})

test('the age in seconds, and an operation that runs on it', () => {
  const target = { clients: [], namespace: 'shop.orders', name: 'shop.orders' }
  const listed = (openMs: number | undefined) =>
    serverText(
      target,
      {
        way: 'asked with $currentOp',
        count: 1,
        cursors: [{ id: '7', namespace: 'shop.orders', openMs, neverTimesOut: false, by: 'reports' }],
      },
      new Map(),
      10,
    ).split('\n\n')[1]
  const who = 'on shop.orders, created by another process, or before tracing was on: by reports'
  expect([9_900, 999, undefined].map(listed)).toEqual([
    `  open for 9 s ${who}`,
    `  open for less than a second ${who}`,
    `  in use right now ${who}`,
  ])
})
