import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { isOwnCode } from '../../../src/report/own-code.ts'

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cursorleak-own-code-')))
const argv = process.argv[1] ?? ''
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  process.argv[1] = argv
  vi.restoreAllMocks()
})
const at = (...names: string[]): string => path.join(folder, ...names)
const make = (place: string, text = ''): string => {
  mkdirSync(path.dirname(at(place)), { recursive: true })
  writeFileSync(at(place), text)
  return at(place)
}
const runsIn = (place: string): void => {
  mkdirSync(at(place), { recursive: true })
  vi.spyOn(process, 'cwd').mockReturnValue(at(place))
}

make('npm/package.json', '{ "workspaces": ["packages/*"] }')
make('npm/packages/a/package.json', '{}')
make('pnpm/pnpm-workspace.yaml')
make('pnpm/a/package.json', '{}')
make('git/.git/HEAD')
make('git/a/package.json', '{}')
make('one/package.json', '{}')
mkdirSync(at('odd/package.json'), { recursive: true })

test.each([
  ['npm/packages/a', 'npm/packages/b/src/x.ts', true],
  ['pnpm/a', 'pnpm/b/x.ts', true],
  ['git/a', 'git/b/x.ts', true],
  ['one/dist/deep', 'one/src/x.ts', true],
  ['one', '..x.ts', false],
  ['one', 'one/..x.ts', true],
  ['one', 'one-more/x.js', false],
  ['npm/packages/a', 'one/x.js', false],
  ['bare', 'bare/x.js', true],
  ['bare', 'x.js', false],
  ['bare/inner', 'bare/x.js', false],
  ['odd/inner', 'odd/x.js', true],
])('started in %s, is %s ours: %s', (cwd, file, own) => {
  runsIn(cwd)
  expect(isOwnCode(at(file))).toBe(own)
})

test('the program that was started brings its project, wherever it was started', () => {
  runsIn('bare')
  process.argv[1] = make('one/dist/server.js')
  expect(isOwnCode(at('one/src/server.ts'))).toBe(true)
  expect(isOwnCode(at('npm/x.js'))).toBe(false)
})

test('a command that is installed brings the project that has it; one that is installed for all brings none', () => {
  runsIn('bare')
  mkdirSync(at('one/node_modules/.bin'), { recursive: true })
  symlinkSync(make('one/node_modules/mocha/bin/mocha.js'), at('one/node_modules/.bin/mocha'))
  process.argv[1] = at('one/node_modules/.bin/mocha')
  expect(isOwnCode(at('one/test/x.js'))).toBe(true)
  process.argv[1] = make('lib/node_modules/mocha/bin/mocha.js')
  expect(isOwnCode(at('lib/x.js'))).toBe(false)
})

test('started at the root of the file system, not all code there is is ours', () => {
  vi.spyOn(process, 'cwd').mockReturnValue('/')
  expect(isOwnCode(at('one/x.js'))).toBe(false)
})

test('a file that was loaded from elsewhere is ours', () => {
  runsIn('bare')
  const file = make('elsewhere/loaded.cjs', 'exports.a = 1')
  expect(isOwnCode(file)).toBe(false)
  createRequire(import.meta.url)(file)
  expect(isOwnCode(file)).toBe(true)
})
