import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { configure } from '../../src/options.ts'
import { beginFile, beginTest, endFile, endTest } from '../../src/runner.ts'
import { state } from '../../src/state.ts'
import { contextOf } from '../../src/trace/scope.ts'
import { tracedClient } from '../support/traced.ts'

const client = tracedClient()
const numbers = () => client().db('cursorleak_odd').collection('numbers')
beforeAll(async () => {
  await numbers().insertMany([{ no: 1 }, { no: 2 }, { no: 3 }])
})
afterAll(async () => {
  await client().db('cursorleak_odd').dropDatabase()
})
beforeEach(() => beginFile('a.test.ts'))
afterEach(() => vi.restoreAllMocks())

const fault = () => {
  throw new Error('a getter of theirs')
}
/** Leaks a cursor, changed by `change` before the test ends, between two that are as usual. */
async function leaky(change: (cursor: object) => void) {
  configure({ settleMs: 0 })
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  state().said.clear()
  const scope = beginTest('leaks')
  await state().als.run(contextOf(scope, 'body'), async () => {
    await numbers().find().next()
    const odd = numbers().find()
    await odd.next()
    change(odd)
    await numbers().find().next()
  })
  const { errors } = await endTest(scope)
  const file = await endFile()
  return { test: errors.map(({ message }) => message.split('\n')), file: file.errors.map(({ message }) => message) }
}

test('a cursor that throws when it is looked at costs the others nothing, and is told with the file', async () => {
  const { test, file } = await leaky((cursor) => Object.defineProperty(cursor, 'namespace', { get: fault }))
  expect(test.map(([headline]) => headline)).toEqual([
    expect.stringMatching(/^FindCursor on cursorleak_odd.numbers was never closed/),
    expect.stringMatching(/^FindCursor on cursorleak_odd.numbers was never closed/),
  ])
  expect(file).toEqual([
    expect.stringMatching(/^one check of this file could not be made, by a fault of cursorleak's own/),
  ])
})

test.each<[string, (record: object) => void]>([
  // Not even an array's own methods do what they should.
  [
    'whose stack',
    (record) => Object.assign(record, { trace: { stack: Object.defineProperty([], 'map', { get: fault }) } }),
  ],
  ['whose last use', (record) => Object.defineProperty(record, 'lastUse', { get: fault })],
])('a leak %s can’t be read is told without its line, between the others', async (_, change) => {
  const { test, file } = await leaky((cursor) => change(state().records.get(cursor) ?? {}))
  expect(test.map(([, created = '']) => created.replace(/[(:].*/, ''))).toEqual([
    '  created at test/trace/odd.test.ts',
    '  created outside the files that a stack shows',
    '  created at test/trace/odd.test.ts',
  ])
  expect(file).toEqual([])
})
