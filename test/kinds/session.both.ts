import type * as driver7 from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { message } from '../../src/report/message.ts'
import { state } from '../../src/state.ts'
import { startTracing, stopTracing } from '../../src/trace/registry.ts'
import { driversOfPhase } from '../server/drivers.ts'
import { judged, lineOf, newFile, testOf, verdicts } from './judged.ts'

type Driver = typeof driver7

function sessionSuite(major: string, driver: Driver): void {
  describe(`sessions of driver ${major}`, () => {
    let client: driver7.MongoClient
    let notes: driver7.Collection
    beforeAll(async () => {
      startTracing()
      client = await new driver.MongoClient(inject('mongoUri')).connect()
      notes = client.db(`cursorleak_sessions_${major}`).collection('notes')
      await notes.insertOne({ first: true })
    })
    afterAll(async () => {
      await notes.drop()
      await client.close()
      stopTracing()
    })
    beforeEach(() => void configure({ settleMs: 0 }))

    test('never ended: warned about at the line that started it', async () => {
      const { test, file } = await judged(() => void client.startSession())
      // What can only be warned about is not waited for: the file tells, when it may have been ended after all.
      expect(verdicts(test)).toEqual([])
      expect(verdicts(file)).toEqual(['warn session open'])
      expect(file.warn[0]?.test).toBe('a test')
      expect(await lineOf(file.warn[0])).toContain('client.startSession()')
      const text = message(file.warn[0] as never)
      expect(text).toMatch(/^ClientSession on [\w.:,]+ was never ended: /)
      expect(text).toContain("levels: { session: 'off' }")
    })

    test('a transaction that is left open is named', async () => {
      let session: driver7.ClientSession | undefined
      const { file } = await judged(async () => {
        session = client.startSession()
        session.startTransaction()
        await notes.insertOne({ in: 'transaction' }, { session })
      })
      expect(verdicts(file)).toEqual(['warn session open'])
      expect(message(file.warn[0] as never)).toContain('note: its transaction was left open')
      await session?.endSession()
    })

    test('closed with its client instead of by its user: swept', async () => {
      const { test } = await judged(async () => {
        const own = await new driver.MongoClient(inject('mongoUri')).connect()
        own.startSession()
        await own.close()
      })
      expect(verdicts(test)).toEqual(['warn session swept'])
    })

    test('a transaction whose work the test did not await is busy', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let work: Promise<unknown> | undefined
      const { file } = await judged(() => {
        const session = client.startSession()
        work = session.withTransaction(async () => {
          await notes.insertOne({ slow: true }, { session })
          await held
        })
        work = work.finally(() => session.endSession())
      })
      expect(verdicts(file)).toEqual(['warn session busy'])
      release()
      await work
    })

    test('withSession whose work the test did not await is busy, and nothing once it is done', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let work: Promise<unknown> | undefined
      const { file } = await judged(() => {
        work = client.withSession(() => held)
      })
      expect(verdicts(file)).toEqual(['warn session busy'])
      expect(await lineOf(file.warn[0])).toContain('client.withSession(')
      release()
      await work
    })

    test('levels: a session can fail its test, and is ended when the file is over', async () => {
      const before = configure({ levels: { session: 'fail' } })
      let session: driver7.ClientSession | undefined
      newFile()
      const found = await testOf(() => {
        session = client.startSession()
      })
      expect(session?.hasEnded).toBe(false)
      await checkScope(state().file)
      state().options.configured = before
      delete state().options.cache
      expect(verdicts(found)).toEqual(['fail session open'])
      expect(session?.hasEnded).toBe(true)
    })

    describe('clean twins', () => {
      test.each<[string, () => unknown]>([
        ['ended in a finally', () => client.startSession().endSession()],
        ['withSession', () => client.withSession(async (session) => void (await notes.findOne({}, { session })))],
        [
          'withSession whose callback throws',
          () => client.withSession(() => Promise.reject(new Error('no'))).catch(() => {}),
        ],
        [
          'withTransaction, then ended',
          async () => {
            const session = client.startSession()
            await session.withTransaction(async () => void (await notes.insertOne({ a: 1 }, { session })))
            await session.endSession()
          },
        ],
        [
          'operations and cursors with implicit sessions',
          async () => {
            await notes.findOne({})
            await notes.find({}).toArray()
            await notes.bulkWrite([{ insertOne: { document: { bulk: true } } }])
          },
        ],
      ])('%s', async (_name, body) => {
        const { test, file } = await judged(body)
        expect([...verdicts(test), ...verdicts(file)]).toEqual([])
      })

      test('ended after its test, in a hook of its file', async () => {
        newFile()
        let session: driver7.ClientSession | undefined
        const found = await testOf(() => {
          session = client.startSession()
        })
        await session?.endSession()
        expect([...verdicts(found), ...verdicts(await checkScope(state().file))]).toEqual([])
      })

      test('no stack and no record for implicit ones', async () => {
        const { seen } = state()
        const before = seen.cursors
        const { test } = await judged(async () => {
          for (let i = 0; i < 20; i++) await notes.insertOne({ i })
          expect([...state().running].flatMap(({ records }) => [...records])).toEqual([])
        })
        expect(verdicts(test)).toEqual([])
        expect(seen.cursors).toBe(before)
      })
    })
  })
}

for (const [major, driver] of driversOfPhase) sessionSuite(major, driver)
