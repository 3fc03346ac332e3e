import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as driver7 from 'mongodb'
import { describe, expect, test } from 'vitest'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, verdicts } from './judged.ts'
import { MANY, ownServer } from './own-server.ts'

const FEW = 3
const leak = (size: number): string[] => [size === MANY ? 'fail cursor open' : 'fail cursor abandoned']

/** Long enough for a stream to read ahead as far as it will, or to close what is behind it. */
const quiet = () => sleep(20)

/** Streams left early in ways that differ between the majors: what we say, and what the server holds. */
function streamsSuite(major: string, driver: typeof driver7): void {
  describe(`streams of driver ${major}`, () => {
    const server = ownServer(driver)
    const transform = ({ no }: { no?: number }) => ({ twice: 2 * (no ?? 0) })

    /** From 7 on `stream()` takes no transform; `map()` stands in its place. */
    const transformed = (cursor: driver7.FindCursor): Readable =>
      major === '7'
        ? cursor.map(transform).stream()
        : (cursor as unknown as { stream(options: object): Readable }).stream({ transform })

    /** Reads so many documents, then pauses. */
    const paused = async (stream: Readable, after = 1): Promise<Readable> => {
      let seen = 0
      await new Promise<void>((resolve) => {
        stream.on('data', () => {
          if (++seen < after) return
          stream.pause()
          resolve()
        })
      })
      await quiet()
      return stream
    }

    const facts = async (size: number, body: (cursor: driver7.FindCursor) => unknown) => {
      const before = await server.open()
      let held = 0
      let kept: unknown
      const { test, file } = await judged(async () => {
        kept = await body(server.many.find({ no: { $lt: size } }) as unknown as driver7.FindCursor)
        held = (await server.open()) - before
      })
      if (kept instanceof Readable) kept.destroy()
      const said = [...verdicts(test), ...verdicts(file)]
      // A leak is on the server exactly where it is said to be `open` there.
      expect(held).toBe(said.filter((text) => text.endsWith('open')).length)
      return { said, read: test.fail[0]?.documentsRead }
    }

    describe.each([FEW, MANY])('%i documents', (size) => {
      describe('a stream with a transform', () => {
        test('paused after the first document', async () => {
          expect(await facts(size, (cursor) => paused(transformed(cursor)))).toEqual({ said: leak(size), read: 1 })
        })

        test('clean twin: paused at the last document, and destroyed', async () => {
          expect(
            (await facts(size, async (cursor) => (await paused(transformed(cursor), size)).destroy())).said,
          ).toEqual([])
        })

        test('clean twin: read to its end', async () => {
          const body = async (cursor: driver7.FindCursor) => {
            for await (const { twice } of transformed(cursor)) expect(twice % 2).toBe(0)
          }
          expect((await facts(size, body)).said).toEqual([])
        })
      })

      describe('pipeline() with a signal', () => {
        /** Takes one document and keeps the rest waiting. */
        const stuck = () => {
          let took = () => {}
          const one = new Promise<void>((resolve) => {
            took = resolve
          })
          return { one, writable: new Writable({ objectMode: true, highWaterMark: 1, write: () => took() }) }
        }
        const through = (source: (cursor: driver7.FindCursor) => Readable, abort: boolean) => {
          return async (cursor: driver7.FindCursor) => {
            const controller = new AbortController()
            const { one, writable } = stuck()
            const stream = source(cursor)
            const done = pipeline(stream, writable, { signal: controller.signal }).catch((error: Error) => error.name)
            await one
            await quiet()
            if (!abort) return stream
            controller.abort()
            expect(await done).toBe('AbortError')
            await quiet()
            return undefined
          }
        }

        test('aborted: its stream closes the cursor', async () => {
          expect(
            (
              await facts(
                size,
                through((cursor) => cursor.stream(), true),
              )
            ).said,
          ).toEqual([])
        })

        test('never aborted', async () => {
          expect(
            (
              await facts(
                size,
                through((cursor) => cursor.stream(), false),
              )
            ).said,
          ).toEqual(leak(size))
        })

        test('aborted, with a transform: up to driver 6 that ends the last stream of a pipe alone', async () => {
          expect((await facts(size, through(transformed, true))).said).toEqual(major === '7' ? [] : leak(size))
        })

        test('clean twin: not aborted, to the end', async () => {
          const body = async (cursor: driver7.FindCursor) => {
            const { signal } = new AbortController()
            const sink = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => done() })
            await pipeline(cursor.stream(), sink, { signal })
          }
          expect((await facts(size, body)).said).toEqual([])
        })
      })

      describe('Readable.from(cursor).map(…)', () => {
        const from = (cursor: driver7.FindCursor) => Readable.from(cursor).map(transform)
        // Driver 4's iterator closes nothing. Of few documents Node's operators have seen the end by then, ahead of their user.
        const onFour = (of: number) => (major === '4' && of === MANY ? leak(of) : [])

        test('take(2), to its end: the iterator that is left closes, from driver 5 on', async () => {
          const body = async (cursor: driver7.FindCursor) => {
            expect(await from(cursor).take(2).toArray()).toHaveLength(2)
            await quiet()
          }
          expect((await facts(size, body)).said).toEqual(onFour(size))
        })

        test('take(3), the loop left by break', async () => {
          const body = async (cursor: driver7.FindCursor) => {
            for await (const _ of from(cursor).take(3)) break
            await quiet()
          }
          expect((await facts(size, body)).said).toEqual(onFour(size))
        })

        test('clean twin: to the end', async () => {
          const body = async (cursor: driver7.FindCursor) => {
            expect(await from(cursor).toArray()).toHaveLength(size)
          }
          expect((await facts(size, body)).said).toEqual([])
        })
      })
    })

    test('a transform whose driver has fetched the end while a document waits', async () => {
      expect(await facts(2, (cursor) => paused(transformed(cursor)))).toEqual({ said: leak(FEW), read: 1 })
    })

    test('clean twin: paused at the last document', async () => {
      expect((await facts(2, (cursor) => paused(transformed(cursor), 2))).said).toEqual([])
    })
  })
}

for (const [major, driver] of driversOfPhase) streamsSuite(major, driver)
