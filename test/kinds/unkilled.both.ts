import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { describe, expect, test } from 'vitest'
import { configure } from '../../src/options.ts'
import type { Leak } from '../../src/report/leak.ts'
import { state } from '../../src/state.ts'
import { drivers, driversOfPhase } from '../server/drivers.ts'
import { phase } from '../support/phase.ts'
import { judged, verdicts } from './judged.ts'
import { type OwnServer, ownServer, wholeMessage } from './own-server.ts'

interface Case {
  name: string
  /** The majors on which the cursor stays alive on the server; on the others the same code is clean. */
  alive: number[]
  kind?: 'changeStream'
  /** The majors that can run it. */
  on?: number[]
  run(server: OwnServer): Promise<unknown>
}

const twice = async (one: { close(): Promise<void> }): Promise<unknown> => Promise.all([one.close(), one.close()])
const TAIL = { maxAwaitTimeMS: 20 }

async function opened(server: OwnServer, options: object = {}) {
  const cursor = server.many.find({}, options)
  await cursor.next()
  return cursor
}

async function watched(target: { watch(pipeline: [], options: object): driver7.ChangeStream }) {
  const stream = target.watch([], TAIL)
  await stream.tryNext()
  return stream
}

async function listened(server: OwnServer) {
  const stream = server.many.watch([], TAIL)
  stream.on('error', () => {})
  stream.on('change', () => {})
  while ((await server.open()) === 0) await sleep(5)
  return stream
}

async function paused(server: OwnServer, options: object = {}) {
  const stream = server.many.find({}, options).stream()
  stream.on('error', () => {})
  await new Promise((resolve) => stream.once('data', () => resolve(stream.pause())))
  await sleep(5)
  return stream
}

type Callback = (done: () => void) => void
/** Driver 4 takes callbacks. */
const calling = (one: { close: unknown }): Promise<void> =>
  new Promise((resolve) => (one.close as Callback)(() => resolve()))

/** What the driver does not kill, though it says so: no field of it tells. */
const CASES: Case[] = [
  { name: 'two close() at once', alive: [6, 7], run: async (s) => twice(await opened(s)) },
  {
    name: 'two close() at once of an aggregation',
    alive: [6, 7],
    run: async (s) => {
      const cursor = s.many.aggregate([])
      await cursor.next()
      await twice(cursor)
    },
  },
  {
    name: 'two close() at once of a change stream',
    kind: 'changeStream',
    alive: [6, 7],
    run: async (s) => twice(await watched(s.many)),
  },
  {
    name: 'two close() at once of a change stream of a database',
    kind: 'changeStream',
    alive: [6, 7],
    run: async (s) => twice(await watched(s.client.db('states'))),
  },
  {
    name: 'two close() at once of a change stream of the whole deployment',
    kind: 'changeStream',
    alive: [6, 7],
    run: async (s) => twice(await watched(s.client)),
  },
  {
    name: 'two close() at once of a change stream with a listener',
    kind: 'changeStream',
    alive: [6, 7],
    run: async (s) => twice(await listened(s)),
  },
  {
    name: 'a paused stream whose signal is aborted',
    alive: [6, 7],
    on: [6, 7],
    run: async (s) => {
      const control = new AbortController()
      await paused(s, { signal: control.signal })
      control.abort()
    },
  },
  {
    name: 'a stream of the web, cancelled in the turn of its first row',
    alive: [6, 7],
    run: async (s) => {
      const reader = Readable.toWeb(s.many.find().stream()).getReader()
      await reader.read()
      await reader.cancel()
    },
  },
  {
    name: 'close() beside endSession()',
    alive: [4, 5, 6, 7],
    run: async (s) => {
      const session = s.client.startSession()
      const cursor = await opened(s, { session })
      await Promise.all([cursor.close(), session.endSession()])
    },
  },
  {
    name: 'close(callback) beside endSession()',
    alive: [4],
    on: [4],
    run: async (s) => {
      const session = s.client.startSession()
      const cursor = await opened(s, { session })
      await Promise.all([calling(cursor), session.endSession()])
    },
  },
]

/** The code that looks alike and leaves nothing. */
const TWINS: Case[] = [
  {
    name: 'close() twice, one after the other',
    alive: [],
    run: async (s) => {
      const cursor = await opened(s)
      await cursor.close()
      await cursor.close()
    },
  },
  { name: 'a change stream closed once', alive: [], run: async (s) => (await watched(s.many)).close() },
  {
    name: 'a change stream closed twice, one after the other',
    alive: [],
    run: async (s) => {
      const stream = await watched(s.many)
      await stream.close()
      await stream.close()
    },
  },
  { name: 'a change stream with a listener, closed', alive: [], run: async (s) => (await listened(s)).close() },
  {
    name: 'a stream of the web, cancelled a while after its first row',
    alive: [],
    run: async (s) => {
      const reader = Readable.toWeb(s.many.find().stream()).getReader()
      await reader.read()
      await sleep(50)
      await reader.cancel()
    },
  },
  { name: 'a paused stream, destroyed', alive: [], run: async (s) => void (await paused(s)).destroy() },
  {
    name: 'close(), then endSession()',
    alive: [],
    run: async (s) => {
      const session = s.client.startSession()
      const cursor = await opened(s, { session })
      await cursor.close()
      await session.endSession()
    },
  },
  {
    name: 'close(callback)',
    alive: [],
    on: [4],
    run: async (s) => {
      await calling(await opened(s))
      await calling(await watched(s.many))
    },
  },
  {
    name: 'two close() at once after the end was seen',
    alive: [],
    run: async (s) => {
      const cursor = s.many.find({})
      await cursor.toArray()
      await twice(cursor)
    },
  },
]

/** @param selected which of the cases; all of them take their time */
function unkilledSuite(major: number, driver: typeof driver7, selected: (name: string) => boolean = () => true): void {
  describe(`closed here, alive on the server: driver ${major}`, () => {
    const server = ownServer(driver)
    const able = [...CASES, ...TWINS].filter(({ on, name }) => (on?.includes(major) ?? true) && selected(name))

    /** Runs it as a test, and counts what it left on the server before and after its check. */
    async function outcome({ run }: Case): Promise<{ told: Leak[]; left: number; after: number; said: string[] }> {
      const before = await server.open()
      let left = 0
      const { test, file } = await judged(async () => {
        await run(server)
        left = (await server.open()) - before
      })
      const told = [...test.fail, ...test.warn]
      return { told, left, after: (await server.open()) - before, said: [...verdicts(test), ...verdicts(file)] }
    }

    test.each(able.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
      const isAlive = one.alive.includes(major)
      configure({ confirm: true })
      const asked = await outcome(one)
      expect({ ...asked, told: asked.told.length }).toEqual({
        said: isAlive ? [`warn ${one.kind ?? 'cursor'} unkilled`] : [],
        told: isAlive ? 1 : 0,
        left: isAlive ? 1 : 0,
        after: 0,
      })
      configure({ confirm: false })
      const silent = await outcome(one)
      expect(silent).toEqual({ said: [], told: [], left: isAlive ? 1 : 0, after: isAlive ? 1 : 0 })
    })

    test('a stream ended before its first reply: the same advice, asked or not', async () => {
      const early: Case = {
        name: '',
        alive: [],
        async run({ client, many }) {
          const stream = many.find().stream()
          stream.on('error', () => {}).resume()
          await new Promise((resolve) => client.once('connectionCheckedOut', () => setImmediate(resolve)))
          stream.destroy()
        },
      }
      const fixes: Array<string | undefined> = []
      for (const confirm of [true, false]) {
        configure({ confirm })
        state().said.clear()
        const { told, left } = await outcome(early)
        fixes.push(...told.map(({ fix }) => fix))
        expect(told.length).toBe(left)
      }
      expect([...new Set(fixes)]).toEqual([
        'a fault of the driver, which sends no killCursors then; to avoid it wait for the first read before you close',
      ])
    })

    test('the whole message, and its level by the option', async () => {
      const beside = able.find(({ name }) => name === 'close() beside endSession()') as Case
      configure({ confirm: true, levels: { unkilled: 'fail' } })
      const { told } = await outcome(beside)
      configure({ levels: { unkilled: 'warn' } })
      expect(told.map(({ level }) => level)).toEqual(['fail'])
      expect(wholeMessage(told[0])).toBe(
        `FindCursor on states.many was not killed: closed here; still alive on the server when that was asked, and killed by the question
  created at unkilled.both.ts:<line>
  to fix it: the driver swallowed the error of its own killCursors; await one \`close()\` before it is closed again, and before its session ends
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.many']\`
  read more: cursorleak/docs/states.md#unkilled`,
      )
    })
  })
}

/** Those of `npm test`. */
const FEW = [
  'two close() at once of a change stream of a database',
  'a paused stream whose signal is aborted',
  'a stream of the web, cancelled in the turn of its first row',
  'close() beside endSession()',
  'close(), then endSession()',
  'a change stream closed once',
]
if (phase === 'test') for (const [, driver] of driversOfPhase) unkilledSuite(7, driver, (name) => FEW.includes(name))
else for (const [major, driver] of drivers) unkilledSuite(Number(major), driver)
