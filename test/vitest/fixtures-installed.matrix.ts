import path from 'node:path'
import { MongoClient } from 'mongodb'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { FIXTURES, fill, INSTALLED, LEFT_OF_MODULES, ofModules, order, POOLS, ran, whole } from './fixtures.ts'

beforeAll(() => fill(inject('mongoUri')))

/** In these pools a worker's fixture is a file's. */
const isVm = (pool: string): boolean => pool.startsWith('vm')

describe.each(POOLS)('fixtures of every scope, in the pool %s', (POOL) => {
  test('whole output', async () => {
    // In one of them with 2,000 documents: the same.
    const result = await ran(INSTALLED, 'test,builder', { POOL, ROWS: POOL === 'threads' ? 'many' : 'few' })
    expect(result.code).toBe(1)
    const name = isVm(POOL) ? 'fixtures-4.1-vm.txt' : 'fixtures-4.1.txt'
    const text = whole(result, FIXTURES).replaceAll('_fixtures.many', '_fixtures.few')
    await expect(text).toMatchFileSnapshot(path.join('outputs', name))
  })

  test('nothing that Vitest does with them is another with us', async () => {
    const without = await order(INSTALLED, { POOL, CURSORLEAK: 'off' })
    expect(without.notes.split('\n').length).toBeGreaterThan(40)
    expect(await order(INSTALLED, { POOL })).toEqual(without)
  })
})

test('without the reporter what a worker leaves open is a warning on stderr', async () => {
  const { code, stderr } = await ran(INSTALLED, 'test', { ALONE: '1' })
  expect(code).toBe(1)
  expect(stderr).toContain(
    'cursorleak warning in test/d-worker.test.ts: FindCursor on cursorleak_fixtures.few was never closed: open on the server',
  )
})

test.each([
  [
    'hooks',
    "hides a suite's hooks: what a hook opens can't be told from what a test's body opens, and counts as the body's",
  ],
  ['fixtures', 'hides its fixtures: what one of `file` or `worker` scope opens counts for the test that uses it first'],
])('a Vitest that hides its %s: one line says what that means', async (HIDE, sentence) => {
  const { stderr } = await ran(INSTALLED, 'test', { ALONE: '1', HIDE, ISOLATE: 'no' })
  expect(stderr.split(`cursorleak: this Vitest ${sentence}\n`).length - 1, stderr).toBe(1)
  const failed = (file: string) => stderr.includes(`FAIL  test/${file}.test.ts >`)
  // A fixture's leak falls on the first test that uses it, instead of on its file.
  expect([failed('b-file-leaks'), failed('c-test-scope')], stderr).toEqual([HIDE === 'fixtures', true])
})

test('files that share their modules may close what an earlier one opened', async () => {
  expect(ofModules(await ran(INSTALLED, 'modules', { ISOLATE: 'no' }), FIXTURES)).toEqual(LEFT_OF_MODULES)
})

test('the same over many documents, in threads, with a client that nobody closes', async () => {
  const env = { ISOLATE: 'no', LEFT_CLIENT: '1', ROWS: 'many', POOL: 'threads' }
  expect(ofModules(await ran(INSTALLED, 'modules', env), FIXTURES)).toEqual({
    ...LEFT_OF_MODULES,
    warnings: ['cursorleak warning: ChangeStream on cursorleak_fixtures.many was never closed: open on the server'],
    rows: [
      '  1 × ChangeStream on cursorleak_fixtures.many, created at watching (src/db.ts:24:24)',
      '  1 × MongoClient on 127.0.0.1:<port>, created at connect (src/db.ts:11:43)',
    ],
  })
})

test('what failed in one file and is closed by a later one is told, once', async () => {
  const { code, stderr } = await ran(INSTALLED, 'later', { ISOLATE: 'no' })
  expect(code).toBe(1)
  const told = stderr.match(/^cursorleak: .* afterwards/gm)
  expect(told, stderr).toEqual([
    'cursorleak: the change stream created at src/db.ts:24, which failed "makes a change stream", was closed at src/late.ts:15 afterwards',
    'cursorleak: the cursor created at src/db.ts:18, which failed "makes a cursor", was closed at src/late.ts:15 afterwards',
    'cursorleak: the cursor created at src/db.ts:18, which failed "later/a-fails.test.ts", was closed at src/late.ts:15 afterwards',
  ])
  expect(stderr).toMatch(
    /FAIL {2}later\/a-fails\.test\.ts \[ .*\nCursorLeakError: FindCursor .*\n.*\n {2}note: if it is meant to live on after this file: hand it over with `keep\(\)`\n/,
  )
  expect(stderr).toContain('FAIL  later/a-fails.test.ts > makes a cursor that nobody closes')
})

test.each(['yes', 'no'])('isolation %s: what was reported is closed in the end', async (ISOLATE) => {
  const server = await startServer({ own: true })
  try {
    await fill(server.uri)
    const { code, stderr } = await ran(INSTALLED, 'kept', { ISOLATE, MONGODB_URI: server.uri })
    expect(code).toBe(1)
    expect(stderr).toContain('1 × ChangeStream on cursorleak_fixtures.few, created at watching (src/db.ts:24:24)\n')
    expect(stderr).toContain('FAIL  kept/a-leaks.test.ts [ kept/a-leaks.test.ts ]\nCursorLeakError: ChangeStream')
    expect(await openOn(server.uri)).toBe(0)
  } finally {
    await server.stop()
  }
})

async function openOn(uri: string): Promise<number> {
  const client = new MongoClient(uri)
  try {
    const { metrics } = await client.db('admin').command({ serverStatus: 1 })
    return Number(metrics.cursor.open.total)
  } finally {
    await client.close()
  }
}
