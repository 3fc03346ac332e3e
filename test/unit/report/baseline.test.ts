import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { baselineText, isKnown, note, readBaseline, siteOfLeak } from '../../../src/report/baseline.ts'
import { parseBaseline } from '../../../src/report/baseline-text.ts'
import { newLeak } from './leaks.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-baseline-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string, content?: string): string => {
  const file = path.join(folder, name)
  if (content !== undefined) writeFileSync(file, content)
  return file
}
const leakAt = (line: number, name = 'openOrders') =>
  newLeak({ createdAt: { file: path.join(folder, 'src', 'orders.ts'), line, column: 1, function: name } })

test('a site is known wherever its line has moved, and another function is not', () => {
  const file = at('one.json')
  const site = siteOfLeak(leakAt(12), file)
  expect(site).toMatchObject({ file: 'src/orders.ts', function: 'openOrders' })
  at('one.json', baselineText(site ? [site, site] : []))
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4)
  expect(isKnown(leakAt(99), file)).toBe(true)
  expect(isKnown(leakAt(12, 'closedOrders'), file)).toBe(false)
  expect(isKnown(newLeak({ createdAt: undefined }), file)).toBe(false)
})

test('lines that workers append become the file', () => {
  const lines = at('lines')
  note(leakAt(1), lines, at('two.json'))
  note(leakAt(2, 'b'), lines, at('two.json'))
  const sites = readFileSync(lines, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  at('two.json', baselineText(sites))
  expect(readBaseline(at('two.json'))).toEqual(sites.sort((a, b) => (a.function < b.function ? -1 : 1)))
})

const WRITE = 'write it with "cursorleak baseline", or remove the option'
test.each([
  ['none.json', undefined, `can't be read (ENOENT); ${WRITE}`],
  ['text.json', 'not JSON', `is no baseline file of cursorleak; ${WRITE}`],
  ['empty.json', ' \n', `is empty; ${WRITE}`],
  ['cut.json', '{ "version": 1, "sites": [\n  {"kind', `is cut off or broken: it is no JSON; ${WRITE}`],
  ['null.json', 'null', `is no baseline file of cursorleak; ${WRITE}`],
  ['old.json', '{ "version": 2, "sites": [] }', `was written by another version of cursorleak; ${WRITE}`],
  ['site.json', '{ "version": 1, "sites": [{ "kind": "cursor" }] }', `is no baseline file of cursorleak; ${WRITE}`],
  ['', undefined, `is a directory; ${WRITE}`],
  [
    'merged.json',
    '{ "version": 1, "sites": [\n<<<<<<< HEAD\n=======\n>>>>>>> b\n] }\n',
    'has a merge conflict in line 2; resolve it (every line of both sides may stay), or run "cursorleak baseline" again',
  ],
])('%s', (name, content, text) => {
  const file = at(name, content)
  expect(() => readBaseline(file)).toThrow(`cursorleak: the baseline ${file} ${text}`)
})

const site = (name: string) => ({
  kind: 'cursor',
  operation: 'FindCursor',
  namespace: 'a.b',
  file: 'a.ts',
  function: name,
})
const line = (name: string) => `  ${JSON.stringify(site(name))}`
test.each([
  ['in the middle', ['<<<<<<< x', `${line('b')},`, '=======', `${line('c')},`, '>>>>>>> y', line('z')]],
  ['at the end', [`${line('b')},`, '<<<<<<< x', line('c'), '=======', line('z'), '>>>>>>> y']],
  [
    'with what both had before',
    ['<<<<<<< x', line('b'), '||||||| 1', line('a'), '=======', line('c'), '>>>>>>> y', line('z')],
  ],
])('a merge %s: the sites of both sides', (_, lines) => {
  const text = ['{ "version": 1, "sites": [', ...lines, '] }', ''].join('\r\n')
  const conflict = lines.indexOf('<<<<<<< x') + 2
  expect(parseBaseline(`\ufeff${text}`)).toEqual({ sites: ['b', 'c', 'z'].map(site), conflict })
})
