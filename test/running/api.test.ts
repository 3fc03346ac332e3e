import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'
import { root } from './service.ts'

test.each(['mongodb4', 'mongodb5', 'mongodb6', 'mongodb'])('a running app with %s', async (driver) => {
  const program = path.join(root, 'fixtures/service/program.mjs')
  const { code, stdout, stderr } = await run(process.execPath, [program, driver], {
    cwd: root,
    env: { MONGODB_URI: inject('mongoUri'), NODE_NO_WARNINGS: '1' },
  })
  expect(stderr).toMatch(
    /a reported FindCursor on api_\d+\.numbers from fixtures\/service\/program\.mjs:28 was returned after \d+ ms\n/,
  )
  const told = JSON.parse(stdout)
  const operations = ['AggregationCursor', 'ClientSession', 'FindCursor', 'FindCursor']
  expect(told.onLeak.sort()).toEqual(operations)
  expect(told.channel.sort()).toEqual(operations)
  // Before tracing; tagged; the user's own; a change stream is no find.
  expect(told.comments.slice(0, 3)).toEqual([null, 'fixtures/service/program.mjs:28 <anonymous>', 'mine'])
  const open = { state: 'open', count: 1 }
  expect(told.leaks).toHaveLength(4)
  expect(told.leaks).toEqual(
    expect.arrayContaining([
      { ...open, operation: 'FindCursor', documentsRead: 1, line: 28, notes: [] },
      { ...open, operation: 'AggregationCursor', documentsRead: 1, line: 32, notes: [] },
      {
        ...{ ...open, operation: 'FindCursor', documentsRead: 2 },
        notes: ['opened before tracing started: its line is not known, its age is at least this'],
      },
      {
        ...{ ...open, operation: 'ClientSession', line: 33 },
        notes: [expect.stringMatching(/^its transaction was left open/)],
      },
    ]),
  )
  expect(told).toMatchObject({ inUse: [0, true], waiting: [['ChangeStream', 35]], afterClose: 3, stopped: 'next' })
  expect({ code, clients: told.clients }).toEqual({
    code: 0,
    clients: [
      [1, 1],
      [0, 1],
    ],
  })
})
