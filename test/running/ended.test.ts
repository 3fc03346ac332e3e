import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { run, stable } from '../support/run.ts'
import { root } from './service.ts'

const PROGRAM = path.join(root, 'fixtures/asked/ended.mjs')

/** What a program that closes its client tells at its exit, without places and advice. */
async function toldBy(driver: string, confirm: 'on' | 'off'): Promise<string[]> {
  const { code, stderr } = await run(process.execPath, ['--import', 'cursorleak/register', PROGRAM, driver], {
    cwd: root,
    env: { MONGODB_URI: inject('mongoUri'), NODE_NO_WARNINGS: '1', CURSORLEAK_CONFIRM: confirm },
  })
  expect(code, stderr).toBe(0)
  const lines = stable(stderr, root)
    .replace(/; (the oldest )?<time> old.*$/gm, '')
    .split('\n')
  // What is as many and as old comes in any order.
  return lines.filter((line) => /^ {2}(?!(to fix it: (?!a fault)|read more))\S/.test(line)).sort()
}

const ALIVE = 'closed here, still alive on the server'
const ASKED = 'closed here; still alive on the server when that was asked, and killed by the question'
const FIX =
  '  to fix it: a fault of the driver, which sends no killCursors then; to avoid it wait for the first read before you close'
const REST = [
  '  FindCursor on cursorleak_ended.numbers: open until its client closed',
  '  db.command({ find }) on cursorleak_ended.numbers: open on the server',
  '  note: its client is closed, which kills no cursor that a command opened',
  '  MongoClient from fixtures/asked/ended.mjs:5: 1 built, 0 open: 0 connections, 0 checked out',
]
const twoOf = (meaning: string): string[] => [`  2 × FindCursor on cursorleak_ended.numbers: ${meaning}`, FIX]

test.each(['mongodb', 'mongodb6'])('an app with %s that closes its client: nothing of it is lost', async (driver) => {
  expect(await toldBy(driver, 'off')).toEqual([...twoOf(ALIVE), ...twoOf(ALIVE), ...REST].sort())
})

test('what the server was asked about is told as killed, in the words of an app, not of a test', async () => {
  expect(await toldBy('mongodb', 'on')).toEqual([...twoOf(ALIVE), ...twoOf(ASKED), ...REST].sort())
})
