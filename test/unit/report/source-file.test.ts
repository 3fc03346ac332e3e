import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { codeFrame } from '../../../src/report/code-frame.ts'
import { mapped, mapStacks } from '../../../src/report/source.ts'
import { sourceLine } from '../../../src/report/source-line.ts'
import { state } from '../../../src/state.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-source-file-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => mapStacks())
/** The project that runs: what lies elsewhere is not shown. */
const runsInFolder = () => vi.spyOn(process, 'cwd').mockReturnValue(folder)
afterEach(() => {
  state().mapsStacks = false
  vi.restoreAllMocks()
})
const at = (name: string) => path.join(folder, name)
const others = mkdtempSync(path.join(tmpdir(), 'cursorleak-source-file-others-'))
afterAll(() => rmSync(others, { recursive: true }))
const elsewhere = (name: string) => path.join(others, name)
writeFileSync(elsewhere('never.js'), 'one\nhush')
const pipe = (name: string) => execFileSync('mkfifo', [at(name)])
const big = (name: string, mb: number, text = '') => writeFileSync(at(name), `${text}\n${' '.repeat(mb * 2 ** 20)}`)
/** Line 1 of the compiled file is line 1 of `source`. */
const map = (source: string) => JSON.stringify({ version: 3, sources: [source], names: [], mappings: 'AAAA' })

test.each<[string, () => void, string[]]>([
  ['users', () => writeFileSync(at('users'), 'root:x:0:0\nhush'), []],
  ['.env', () => writeFileSync(at('.env'), 'HUSH=1\nhush'), []],
  ['key.pem', () => writeFileSync(at('key.pem'), 'hush\nhush'), []],
  ['folder.js', () => mkdirSync(at('folder.js')), []],
  ['pipe.js', () => pipe('pipe.js'), []],
  ['big.js', () => big('big.js', 9, 'hush\nhush'), []],
  ['none.js', () => {}, []],
  ['code.mts', () => writeFileSync(at('code.mts'), 'one\ntwo'), ['two']],
  ['server', () => writeFileSync(at('server'), '#!/usr/bin/env node\ntwo'), ['two']],
  ['link.js', () => symlinkSync(at('users'), at('link.js')), []],
  ['link-to-code', () => symlinkSync(at('code.mts'), at('link-to-code')), ['two']],
  ['link-out.js', () => symlinkSync(elsewhere('never.js'), at('link-out.js')), []],
])('of %s what is shown is what a frame could have come from', (name, make, shown) => {
  make()
  runsInFolder()
  const start = performance.now()
  const frame = codeFrame({ file: at(name), line: 2, column: 1, function: 'f' })
  expect(frame.filter((line) => line.startsWith('>')).map((line) => line.slice(6))).toEqual(shown)
  expect(sourceLine(`    at f (${at(name)}:2:1)`)).toBe(shown[0])
  expect(performance.now() - start).toBeLessThan(1_000)
})

test('a source map names any file: its path is told, none of its lines', () => {
  writeFileSync(at('a.js'), `x\n//# sourceMappingURL=a.js.map`)
  writeFileSync(at('a.js.map'), map('/etc/passwd'))
  const stack = mapped(`Error\n    at f (${at('a.js')}:1:1)`) ?? ''
  expect(stack).toContain('/etc/passwd:1:1')
  expect(sourceLine(stack.split('\n')[1] ?? '')).toBeUndefined()
  expect(codeFrame({ file: '/etc/passwd', line: 1, column: 1, function: 'f' })).toEqual([])
})

test.each<[string, (name: string) => void, string]>([
  ['a pipe', (name) => pipe(`${name}.map`), 'is no regular file'],
  ['a folder', (name) => mkdirSync(at(`${name}.map`)), 'is a directory'],
  ['40 MB', (name) => big(`${name}.map`, 40, map('a.ts')), 'is larger than 8 MB'],
])('a map that is %s is told and not read', (kind, make, problem) => {
  const name = `${kind.replace(' ', '-')}.js`
  writeFileSync(at(name), `x\n//# sourceMappingURL=${name}.map\n`)
  make(name)
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const stack = `Error\n    at f (${at(name)}:1:1)`
  const start = performance.now()
  expect([mapped(stack), mapped(stack)]).toEqual([stack, stack])
  expect(performance.now() - start).toBeLessThan(1_000)
  expect(said.mock.calls.map(([text]) => text)).toEqual([
    `cursorleak: the source map of ${at(name)} ${problem}; its lines are not mapped\n`,
  ])
})

test('a compiled file that is a pipe, or a map inside of one that is too big, is not read either', () => {
  pipe('compiled.js')
  big('inline.js', 17, '//# sourceMappingURL=data:application/json;base64,AAAA')
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const stack = `Error\n    at f (${at('compiled.js')}:1:1)\n    at g (${at('inline.js')}:1:1)`
  expect(mapped(stack)).toBe(stack)
})

test('code that is not of the project, by its path alone', () => {
  runsInFolder()
  expect(codeFrame({ file: elsewhere('never.js'), line: 2, column: 1, function: 'f' })).toEqual([])
  expect(sourceLine(`    at f (${elsewhere('never.js')}:2:1)`)).toBeUndefined()
  symlinkSync(at('code.mts'), elsewhere('link-in.js'))
  expect(sourceLine(`    at f (${elsewhere('link-in.js')}:2:1)`)).toBe('two')
})
