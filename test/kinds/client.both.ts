import type * as driver7 from 'mongodb'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { message } from '../../src/report/message.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { leaks } from '../../src/trace.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, lineOf, newFile, testOf, verdicts } from './judged.ts'

function clientSuite(major: string, driver: typeof driver7): void {
  describe(`clients of driver ${major}`, () => {
    const uri = inject('mongoUri')
    const made: driver7.MongoClient[] = []
    const make = (client: driver7.MongoClient): driver7.MongoClient => {
      made.push(client)
      return client
    }
    beforeAll(() => startTracing())
    afterAll(() => stopTracing())
    beforeEach(() => void configure({ settleMs: 0 }))
    afterEach(async () => {
      for (const client of made.splice(0)) await client.close()
    })

    test('connected in a test and never closed: warned about at the end of the file, not of the test', async () => {
      const { test, file } = await judged(async () => {
        const client = make(new driver.MongoClient(uri))
        await client.connect()
      })
      expect(verdicts(test)).toEqual([])
      expect(verdicts(file)).toEqual(['warn client open'])
      expect(await lineOf(file.warn[0])).toContain('make(new driver.MongoClient(uri))')
      expect(file.warn[0]?.test).toBe('a test')
    })

    test('MongoClient.connect: the line of the call', async () => {
      const { file } = await judged(async () => void make(await driver.MongoClient.connect(uri)))
      expect(verdicts(file)).toEqual(['warn client open'])
      expect(await lineOf(file.warn[0])).toContain('driver.MongoClient.connect(uri)')
    })

    test('a subclass: the line that makes it', async () => {
      class Mine extends driver.MongoClient {}
      const { file } = await judged(async () => void (await make(new Mine(uri)).connect()))
      expect(await lineOf(file.warn[0])).toContain('make(new Mine(uri))')
    })

    test('connected by its first operation', async () => {
      const { file } = await judged(async () => {
        const client = make(new driver.MongoClient(uri))
        await client.connect()
        await client.db('cursorleak').command({ ping: 1 })
      })
      expect(verdicts(file)).toEqual(['warn client open'])
    })

    test('connected again after a close', async () => {
      const { file } = await judged(async () => {
        const client = make(new driver.MongoClient(uri))
        await client.connect()
        await client.close()
        await client.connect()
      })
      expect(verdicts(file)).toEqual(['warn client open'])
    })

    test('no credentials in the message', async () => {
      const { host } = new URL(uri)
      // The server of the tests knows no users: only the text is of interest, so the client claims to be connected.
      const { file } = await judged(() => {
        const client = new driver.MongoClient(`mongodb://someone:secret@${host}/?authSource=admin`)
        Object.defineProperty(client, 'topology', { value: { isConnected: () => true, close() {} }, writable: true })
      })
      const text = message(file.warn[0] as never)
      expect(text).toContain(`MongoClient on ${host} was never closed: still connected at the end of the file`)
      expect(text).not.toMatch(/secret|someone/)
    })

    test('allowLeaks in the test that opens it', async () => {
      const { file } = await judged(async () => {
        for (const scope of state().running) scope.allowed = true
        await make(new driver.MongoClient(uri)).connect()
      })
      expect(verdicts(file)).toEqual([])
    })

    describe('clean twins', () => {
      test('opened in a test, shared with the next, closed in afterAll', async () => {
        const file = newFile()
        let shared: driver7.MongoClient | undefined
        const first = await testOf(async () => {
          shared = await new driver.MongoClient(uri).connect()
        })
        const second = await testOf(() => shared?.db('cursorleak').command({ ping: 1 }), 'another test')
        await shared?.close()
        expect([first, second, await checkScope(file)].flatMap(verdicts)).toEqual([])
      })

      test('never connected', async () => {
        const { file } = await judged(() => void new driver.MongoClient(uri))
        expect(verdicts(file)).toEqual([])
      })

      test('a connect that failed', async () => {
        const { file } = await judged(async () => {
          const client = new driver.MongoClient('mongodb://127.0.0.1:1/', { serverSelectionTimeoutMS: 50 })
          await expect(client.connect()).rejects.toThrow()
        })
        expect(verdicts(file)).toEqual([])
      })

      test('a close that is not awaited', async () => {
        const { file } = await judged(async () => {
          const client = make(await new driver.MongoClient(uri).connect())
          void client.close()
        })
        expect(verdicts(file)).toEqual([])
      })

      test('connected in the middle of a test: no leak yet', async () => {
        await judged(async () => {
          const client = make(await new driver.MongoClient(uri).connect())
          expect(leaks()).toEqual([])
          await client.close()
        })
      })
    })
  })
}

for (const [major, driver] of driversOfPhase) clientSuite(major, driver)
