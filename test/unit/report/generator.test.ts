import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { isOfGenerator } from '../../../src/report/generator.ts'

const file = path.join(mkdtempSync(path.join(tmpdir(), 'cursorleak-')), 'rows.ts')
const frame = (name: string, line: number): string => `    at ${name} (${file}:${line}:3)`

test.each([
  ['async function* rows() {', 'rows', true],
  ['export async function *rows<T>(of: T) {', 'rows', true],
  ['  async *rows(size: number) {', 'Repo.rows', true],
  ['const rows = async function* () {', 'rows', true],
  ['const o = { rows: function* () {', 'Object.rows', true],
  ['async function rows() {', 'rows', false],
  ['const rows = async () => {', 'rows', false],
  ['async function* others() {', 'rows', false],
])('%s', (text, name, is) => {
  writeFileSync(file, `${text}\n  await work()\n  db.find()\n`)
  // Behind an `await` no frame of its next() is there.
  expect(isOfGenerator(`Error\n${frame(name, 3)}\n    at async ${file}:9:1`, frame(name, 3))).toBe(is)
})

test('the nearest function of a name counts, and none below the line', () => {
  writeFileSync(file, 'async function* rows() {}\nasync function rows() {\n  db.find()\n}\nasync function* rows() {}\n')
  expect(isOfGenerator(`Error\n${frame('rows', 3)}`, frame('rows', 3))).toBe(false)
})

test('a source that is not there: the text that runs is read', () => {
  writeFileSync(file, 'async function* rows() {\n  await work()\n  db.find()\n}\n')
  const mapped = '    at rows (/nowhere/src/rows.ts:7:3)'
  expect(isOfGenerator(`Error\n${mapped}`, mapped, `Error\n${frame('find', 9)}\n${frame('rows', 3)}`)).toBe(true)
  expect(isOfGenerator(`Error\n${mapped}`, mapped, `Error\n${frame('others', 3)}`)).toBe(false)
})

test('what has no name, or no file, is none', () => {
  expect(isOfGenerator('Error', '    at /nowhere/x.ts:1:1')).toBe(false)
  expect(isOfGenerator('Error', '    at rows (/nowhere/x.ts:1:1)')).toBe(false)
  expect(isOfGenerator(undefined, undefined)).toBe(false)
})
