import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cwd = path.join(root, 'fixtures', 'baseline')
const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-cli-'))
const file = path.join(folder, 'known.json')
afterAll(() => rmSync(folder, { recursive: true }))

const vitest = [process.execPath, path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=dot']
const start = ([command = '', ...args]: string[], env = {}) =>
  run(command, args, { cwd, env: { MONGODB_URI: inject('mongoUri'), ...env } })
const cli = (...args: string[]) =>
  start([process.execPath, path.join(root, 'dist', 'cli', 'index.mjs'), 'baseline', ...args])

test('known leaks pass, new ones fail, and mended ones are told', async () => {
  const first = await cli('--file', file, '--', ...vitest)
  expect(first.code, first.stdout + first.stderr).toBe(0)
  expect(first.stderr).toContain(`cursorleak: 1 known leaks (1 new, 0 gone) in ${file}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8')).sites).toMatchObject([{ function: 'anyPet', operation: 'FindCursor' }])

  const env = { CURSORLEAK_BASELINE: file }
  expect((await start(vitest)).code).toBe(1)
  expect((await start(vitest, env)).code).toBe(0)
  const withNew = await start(vitest, { ...env, NEW_LEAK: '1' })
  expect(withNew.code).toBe(1)
  expect(withNew.stderr).toContain('created at anyOther')
  expect(withNew.stderr).not.toContain('created at anyPet')

  const known = readFileSync(file, 'utf8')
  writeFileSync(file, known.replace('anyPet', 'longGone'))
  expect((await cli('--file', file, '--', ...vitest)).stderr).toContain('1 known leaks (1 new, 1 gone)')
  expect(readFileSync(file, 'utf8')).toBe(known)
})

test('a command that fails by itself leaves the file as it was', async () => {
  const other = path.join(folder, 'other.json')
  const { code, stderr } = await cli('--file', other, '--', process.execPath, '-e', 'process.exit(3)')
  expect([code, existsSync(other)]).toEqual([3, false])
  expect(stderr).toContain(`the command failed by itself, so ${other} was left as it was`)
})

test.each([
  [[], 'baseline: which command? For example: cursorleak baseline -- npx vitest run'],
  [['--fil', 'x', '--', 'node'], 'baseline: only --file <file> may stand before --; got --fil x'],
])('%j', async (args, sentence) => {
  const { code, stderr } = await cli(...args)
  expect([code, stderr]).toEqual([64, `cursorleak: ${sentence}\n`])
})
