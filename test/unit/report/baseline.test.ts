import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { baselineText, isKnown, note, readBaseline, siteOfLeak } from '../../../src/report/baseline.ts'
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

test.each([
  ['none.json', undefined, "can't be read (ENOENT)"],
  ['text.json', 'not JSON', 'is no baseline file of cursorleak'],
  ['old.json', '{ "version": 2, "sites": [] }', 'is no baseline file of cursorleak'],
  ['site.json', '{ "version": 1, "sites": [{ "kind": "cursor" }] }', 'is no baseline file of cursorleak'],
])('%s', (name, content, text) => {
  const file = at(name, content)
  expect(() => readBaseline(file)).toThrow(
    `cursorleak: the baseline ${file} ${text}; write it with "cursorleak baseline", or remove the option`,
  )
})
