import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { afterEach, describe, expect, test } from 'vitest'
import { drivers } from '../server/drivers.ts'
import { judged, verdicts } from './judged.ts'
import { ownServer, wholeMessage } from './own-server.ts'

const OPTIONS = { maxAwaitTimeMS: 20 }
/** CursorNotFound: every major resumes after it. */
const RESUMABLE = 43
/** BadValue: none does. */
const FATAL = 2

interface Watchable {
  watch(pipeline: [], options: object): driver7.ChangeStream
}

function changeStreamSuite(major: string, driver: typeof driver7): void {
  describe(`change streams of driver ${major}`, () => {
    const server = ownServer(driver)
    const made: driver7.ChangeStream[] = []
    const watch = (on: Watchable): driver7.ChangeStream => {
      const stream = on.watch([], OPTIONS)
      stream.on('error', () => {})
      made.push(stream)
      return stream
    }
    afterEach(async () => {
      for (const stream of made.splice(0)) await stream.close().catch(() => {})
    })
    const changes = () => server.client.db('states').collection('changes')
    const places: Array<[string, string, () => Watchable]> = [
      ['a collection', 'states.changes', changes],
      ['a database', 'states', () => server.client.db('states')],
      ['the deployment', 'admin', () => server.client],
    ]

    /** Writes until somebody has seen a change: the stream may not be open on the server yet. */
    async function changing<T>(wait: Promise<T>): Promise<T> {
      const timer = setInterval(() => void changes().insertOne({}), 10)
      try {
        return await wait
      } finally {
        clearInterval(timer)
        await changes().findOne()
      }
    }
    const ways: Array<[string, (stream: driver7.ChangeStream) => Promise<unknown>]> = [
      ['tryNext', (stream) => stream.tryNext()],
      ['next', (stream) => changing(stream.next())],
      ["on('change')", (stream) => changing(new Promise((resolve) => stream.on('change', resolve)))],
      [
        'iteration',
        (stream) => {
          const iterable = stream as unknown as AsyncIterable<unknown>
          const iterator = Symbol.asyncIterator in stream ? iterable[Symbol.asyncIterator]() : stream
          return changing((iterator as AsyncIterator<unknown>).next())
        },
      ],
    ]
    const each = places.flatMap(([place, ns, on]) => ways.map(([way, use]) => [place, way, ns, on, use] as const))

    // Change streams are judged by the file where a listener has no store: the test and the file together tell it once.
    const said = async (body: () => unknown) => {
      const { test, file } = await judged(body)
      return { leaks: [...test.fail, ...test.warn, ...file.fail, ...file.warn], text: [test, file].flatMap(verdicts) }
    }

    test.each(each)('of %s, read by %s: open until it is closed', async (_place, _way, ns, on, use) => {
      const before = await server.open()
      const left = await said(async () => {
        await use(watch(on()))
        expect(await server.open()).toBe(before + 1)
      })
      expect(left.text).toEqual(['fail changeStream open'])
      expect(left.leaks[0]?.namespace.split('.$')[0]).toBe(ns)
      expect(await server.open()).toBe(before)
      const closed = await said(async () => {
        const stream = watch(on())
        await use(stream)
        await stream.close()
        await stream.close()
      })
      expect(closed.text).toEqual([])
    })

    test.each(places)('of %s, never used: idle, which is off', async (_place, _ns, on) => {
      const idle = await said(() => void on().watch([], OPTIONS))
      expect(idle.text).toEqual([])
    })

    const failNext = (errorCode: number) =>
      server.admin({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['getMore'], errorCode },
      })

    test.each(['next', 'listener'] as const)('resumed after an error (%s): the new one is judged', async (way) => {
      const before = await server.open()
      const ids: string[] = []
      const idOf = (stream: driver7.ChangeStream): string =>
        String((stream as unknown as { cursor: { id: unknown } }).cursor.id)
      const body = async (): Promise<driver7.ChangeStream> => {
        const stream = watch(changes())
        if (way === 'listener') stream.on('change', () => {})
        else await stream.tryNext()
        while ((await server.open()) === before) await sleep(5)
        ids.push(idOf(stream))
        await failNext(RESUMABLE)
        if (way === 'next') await changing(stream.next())
        else await changing(new Promise((resolve) => stream.once('resumeTokenChanged', () => resolve(undefined))))
        for (let tries = 0; idOf(stream) === ids[0] || ['0', 'undefined'].includes(idOf(stream)); tries++) {
          if (tries > 200) throw new Error('it did not resume')
          await sleep(10)
        }
        ids.push(idOf(stream))
        return stream
      }
      const left = await said(body)
      expect(left.text).toEqual(['fail changeStream open'])
      expect(left.leaks[0]).toMatchObject({ cursorId: ids[1], count: 1 })
      expect(ids[1]).not.toBe(ids[0])
      expect(await server.open()).toBe(before)
      ids.length = 0
      const closed = await said(async () => (await body()).close())
      expect(closed.text).toEqual([])
      expect(await server.open()).toBe(before)
    })

    test.each(['next', 'listener'] as const)('ended by the driver after an error (%s): clean', async (way) => {
      const before = await server.open()
      const ended = await said(async () => {
        const stream = watch(changes())
        if (way === 'next') {
          await stream.tryNext()
          await failNext(FATAL)
          await expect(changing(stream.next())).rejects.toThrow()
        } else {
          const failed = new Promise((resolve) => stream.once('error', resolve))
          stream.on('change', () => {})
          while ((await server.open()) === before) await sleep(5)
          await failNext(FATAL)
          await changing(failed)
        }
      })
      expect(ended.text).toEqual([])
      expect(await server.open()).toBe(before)
    })

    test('the server refuses it: clean', async () => {
      const refused = await said(async () => {
        const stream = changes().watch([{ $nothing: {} }])
        await expect(stream.tryNext()).rejects.toThrow()
      })
      expect(refused.text).toEqual([])
    })

    test('the whole message', async () => {
      const { leaks } = await said(() => changes().watch([], OPTIONS).tryNext())
      expect(leaks.map(wholeMessage)).toEqual([
        `ChangeStream on states.changes was never closed: open on the server
  created at change-stream.matrix.ts:<line>
  note: if it is meant to live on after this test: open it in a \`beforeAll\`, or hand it to the file with \`keep()\`
  to fix it: \`await changeStream.close()\` in a \`finally\` or an \`afterEach\`
  to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['states.changes']\`
  read more: cursorleak/docs/states.md#open`,
      ])
    })
  })
}

for (const [major, driver] of drivers) changeStreamSuite(major, driver)
