import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { run, stable } from '../support/run.ts'
import { root } from './service.ts'

const fixture = (file: string): string => path.join(root, 'fixtures/service', file)
const node = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  run(process.execPath, args, { cwd: root, env: { MONGODB_URI: inject('mongoUri'), NODE_NO_WARNINGS: '1', ...env } })

/** Operation, namespace, state, count, how many the collector took, how many have no stack of their own, line. */
type Told = [string, string, string, number, number, number, number | null]
const CURSOR = (collected: number, notSampled: number, line: number | null): Told => {
  return ['FindCursor', 'light.numbers', 'open', 3, collected, notSampled, line]
}
const FRONTS = (notSampled: number, lines: [number | null, number | null]): [Told, Told] => [
  ['GridFSBucketReadStream', 'light.fs.chunks', 'open', 1, 0, notSampled, lines[0]],
  ['QueryCursor', 'light.numbers', 'open', 1, 0, notSampled, lines[1]],
]

test.each([
  // The client of driver 4 does not hold a cursor that reads in a session of the caller's: the collector takes it.
  ['mongodb4', 'mongoose6', 'sample', CURSOR(0, 0, 20), CURSOR(3, 0, 20), FRONTS(0, [31, 25])],
  // Drivers from 6.13 on list their cursors, so that none is collected while its client lives.
  ['mongodb', 'mongoose', 'sample', CURSOR(0, 0, 20), CURSOR(0, 0, 20), FRONTS(0, [31, 25])],
  ['mongodb5', 'mongoose7', 'count', CURSOR(0, 3, null), CURSOR(3, 3, null), FRONTS(1, [null, null])],
])(
  'held weakly, also a mongoose cursor and a download stream: %s, %s, detail: %s',
  async (driver, mongoose, detail, before, after, fronts) => {
    const { stdout, stderr } = await node(['--expose-gc', fixture('light.mjs'), driver, mongoose, detail])
    expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({
      first: [before, ...fronts],
      after: [after, ...fronts],
    })
  },
)

test('CURSORLEAK_OLDER_THAN tells each once, and of its return; a session and its transaction at the exit', async () => {
  const env = { CURSORLEAK_OLDER_THAN: '0.1', CURSORLEAK_IDLE_MS: '0' }
  const { code, stderr } = await node(['--import', 'cursorleak/register', fixture('older.mjs')], env)
  const text = stable(stderr, root)
    .replace(/older_\d+/g, 'older')
    .replace(/\d connections?, \d checked out/g, '<n> connections, <n> checked out')
  expect(code).toBe(0)
  await expect(text).toMatchFileSnapshot('outputs/older.txt')
})
