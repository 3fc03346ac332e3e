import { channel } from 'node:diagnostics_channel'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { configure, type Options } from '../../src/options.ts'
import type { Leak } from '../../src/report/leak.ts'
import { beginFile, beginTest, endFile, endTest } from '../../src/runner.ts'
import { state } from '../../src/state.ts'
import { contextOf } from '../../src/trace/scope.ts'
import { tracedClient } from '../support/traced.ts'

const client = tracedClient()
const leaks = channel('cursorleak:leak')
const shared = () => client().db('cursorleak_on_leak').collection('numbers')
beforeAll(async () => {
  await shared().insertMany([{ no: 1 }, { no: 2 }, { no: 3 }])
})
afterAll(async () => {
  await client().db('cursorleak_on_leak').dropDatabase()
})
beforeEach(() => beginFile('a.test.ts'))
afterEach(async () => {
  await endFile()
  vi.restoreAllMocks()
})

/** A test as an adapter runs it: three cursors of one line, and a session (only a warning) of the file. */
async function leakyTest(options: Options = {}) {
  configure({ settleMs: 0, ...options })
  const scope = beginTest('leaks')
  await state().als.run(contextOf(scope, 'body'), async () => {
    for (let n = 0; n < 3; n++) await shared().find().next()
    client().startSession()
  })
  return endTest(scope)
}
const short = ({ kind, level, count, test }: Leak) => [kind, level, count, test]
const TOLD = [
  ['cursor', 'fail', 3, 'leaks'],
  ['session', 'warn', 1, 'leaks'],
]

test('each leak of a test is told once, to onLeak and to the channel, with the data of the report', async () => {
  const [told, published]: [Leak[], unknown[]] = [[], []]
  const listener = (leak: unknown) => published.push(leak)
  leaks.subscribe(listener)
  const { fail, warn } = await leakyTest({ onLeak: (leak) => told.push(leak) })
  // A session is only warned about, which waits for the end of the file.
  const file = await endFile()
  leaks.unsubscribe(listener)
  expect(told.map(short)).toEqual(TOLD)
  expect(told).toEqual([...fail, ...warn, ...file.fail, ...file.warn])
  expect(published).toEqual(told)
})

test('each listener gets a copy: what one changes is in no message and in no other listener’s', async () => {
  const published: Leak[] = []
  const spoil = (leak: Leak) => {
    Object.assign(leak, { namespace: 'spoilt', level: 'off', fix: 'spoilt', count: 99 })
    leak.notes.push('spoilt')
    Object.assign(leak.createdAt ?? {}, { file: 'spoilt' })
  }
  const listener = (leak: unknown) => published.push(leak as Leak)
  leaks.subscribe(listener)
  const ignore = (leak: Leak) => void spoil(leak)
  const { fail, errors } = await leakyTest({ ignore: [ignore as never], onLeak: spoil })
  leaks.unsubscribe(listener)
  expect(JSON.stringify([fail, published, errors.map(({ message, leaks }) => [message, leaks])])).not.toContain(
    'spoilt',
  )
  expect([errors.length, fail.map(({ count }) => count), published.map(({ count }) => count)]).toEqual([1, [3], [3]])
})

test('what nobody is to hear of is not told: ignored, allowed, off', async () => {
  const told: Leak[] = []
  await leakyTest({ ignore: ['cursorleak_on_leak'], levels: { session: 'off' }, onLeak: (leak) => told.push(leak) })
  expect(told).toEqual([])
})

test.each([
  ['throws', () => assert()],
  ['rejects', async () => assert()],
])('a callback that %s changes nothing, and is said once', async (how, onLeak) => {
  let said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text
    return true
  })
  state().said.clear()
  const { errors } = await leakyTest({ onLeak })
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors.map(({ code }) => code)).toEqual(['ERR_CURSOR_LEAK'])
  expect(said.match(/^cursorleak: the option onLeak threw: .*$/gm), how).toEqual([
    'cursorleak: the option onLeak threw: Error: no metrics here',
  ])
})

function assert(): never {
  throw new Error('no metrics here')
}
