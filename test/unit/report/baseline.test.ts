import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { baselineText, note, readBaseline, siteOfLeak } from '../../../src/report/baseline.ts'
import { parseBaseline } from '../../../src/report/baseline-text.ts'
import { isKnown } from '../../../src/report/known.ts'
import { newLeak } from './leaks.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-baseline-'))
// The project that runs: of other files no line is shown, and none is noted.
beforeEach(() => void vi.spyOn(process, 'cwd').mockReturnValue(folder))
afterAll(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})
const at = (name: string, content?: string): string => {
  const file = path.join(folder, name)
  if (content !== undefined) writeFileSync(file, content)
  return file
}
const ORDERS = path.join(folder, 'orders.ts')
const CODE = 'const cursor = orders.find()'
/** The file that leaks; each line is of the function that `leakAt` names. */
const source = (...lines: string[]): void => writeFileSync(ORDERS, lines.join('\n'))
const leakAt = (line: number, name = 'openOrders', column = 1) =>
  newLeak({ createdAt: { file: ORDERS, line, column, function: name } })
const baseline = (name: string, leaks: ReturnType<typeof leakAt>[]): string => {
  const lines = at(`${name}.lines`, '')
  for (const leak of leaks) note(leak, lines, at(name))
  const noted = readFileSync(lines, 'utf8').split('\n').filter(Boolean)
  return at(name, baselineText(noted.map((line) => JSON.parse(line))))
}

test('a site is known wherever its line has moved; another function, another line and a second one are not', () => {
  source('', `  ${CODE}`)
  const file = baseline('one.json', [leakAt(2), leakAt(2)])
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(4)
  expect(readBaseline(file)).toEqual([{ ...siteOfLeak(leakAt(2), file), count: 1 }])
  expect(siteOfLeak(leakAt(2), file)).toMatchObject({ file: 'orders.ts', function: 'openOrders', code: CODE })
  expect(isKnown(leakAt(2), file)).toBe(true)

  source('', '', '', CODE, '', CODE, 'orders.find({})')
  expect([isKnown(leakAt(4), file), isKnown(leakAt(4), file)]).toEqual([true, true])
  expect(isKnown(leakAt(6), file), 'the same text a second time').toBe(false)
  expect(isKnown(leakAt(4), file), 'the first is known as before').toBe(true)
  expect(isKnown(leakAt(4, 'openOrders', 20), file), 'a second one in one line').toBe(false)
  expect(isKnown(leakAt(7), file), 'another line of the function').toBe(false)
  expect(isKnown(leakAt(4, 'closedOrders'), file), 'another function').toBe(false)
  expect(isKnown(newLeak({ createdAt: undefined }), file)).toBe(false)
})

test('as many places are known as there were, however they are imported and whoever inherits them', () => {
  source(CODE, CODE, CODE)
  const file = baseline('two.json', [leakAt(1, 'Orders.list'), leakAt(2, 'Orders.list'), leakAt(1, 'Orders.list')])
  expect(readBaseline(file)).toMatchObject([{ function: 'Orders.list', count: 2 }])
  expect([1, 2, 3].map((line) => isKnown(leakAt(line, 'VipOrders.list'), file))).toEqual([true, true, false])
})

test('lines that can not be read are told apart by their function', () => {
  rmSync(ORDERS, { force: true })
  const file = baseline('unread.json', [leakAt(1)])
  expect(readBaseline(file)).toMatchObject([{ code: '', count: 1 }])
  expect([isKnown(leakAt(5), file), isKnown(leakAt(5, 'other'), file)]).toEqual([true, false])
})

test.each([
  ['openOrders', 'openOrders', true],
  ['Object.openOrders', 'openOrders', true],
  // Under Babel the name was that of the call.
  ['Object.find [as openOrders]', 'openOrders', true],
  ['Module.openOrders', 'closedOrders', false],
])('a file of version 1 is read as before: %s', (written, name, known) => {
  source(CODE, CODE)
  const { code: _, ...old } = { ...siteOfLeak(leakAt(1), at('old.json')), function: written }
  const file = at(`${written}.json`, JSON.stringify({ version: 1, sites: [old] }))
  expect([isKnown(leakAt(1, name), file), isKnown(leakAt(2, name), file)]).toEqual([known, known])
})

const WRITE = 'write it with "cursorleak baseline", or remove the option'
test.each([
  ['none.json', undefined, `can't be read (ENOENT); ${WRITE}`],
  ['text.json', 'not JSON', `is no baseline file of cursorleak; ${WRITE}`],
  ['empty.json', ' \n', `is empty; ${WRITE}`],
  ['cut.json', '{ "version": 1, "sites": [\n  {"kind', `is cut off or broken: it is no JSON; ${WRITE}`],
  ['null.json', 'null', `is no baseline file of cursorleak; ${WRITE}`],
  ['later.json', '{ "version": 3, "sites": [] }', `was written by another version of cursorleak; ${WRITE}`],
  [
    'count.json',
    '{ "version": 2, "sites": [{ "kind": "a", "operation": "", "namespace": "", "file": "", "function": "", "count": 0 }] }',
    `is no baseline file of cursorleak; ${WRITE}`,
  ],
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
