import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { maskedLines } from '../../../src/report/masked-lines.ts'
import { shownLines } from '../../../src/report/source-file.ts'

const folder = mkdtempSync(path.join(import.meta.dirname, 'tmp-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a literal that goes on over the border of what is read together is masked on both sides', () => {
  const source = Array.from({ length: 300 }, (_, n) => `line(${n})`)
  source[98] = 'const password = `one'
  source[99] = 'two'
  source[100] = 'three'
  source[101] = 'four`'
  const lines = maskedLines(source, 97, 102)
  expect(lines).toEqual(['line(97)', 'const password = `***', '***', '***', '***`', 'line(102)'])
  // Each line alone gives the same.
  expect(lines).toEqual([97, 98, 99, 100, 101, 102].map((line) => maskedLines(source, line, line)[0]))
})

test('the first and the last line', () => {
  const source = ["const secret = 'x'", 'a()']
  expect(maskedLines(source, 0, 1)).toEqual(["const secret = '***'", 'a()'])
  expect(maskedLines(source, 0, 5)).toEqual(["const secret = '***'", 'a()', '', '', '', ''])
})

test('a file is read once for a report, anew for the next, and where it has changed', async () => {
  const file = path.join(folder, 'a.ts')
  writeFileSync(file, 'before()')
  const first = shownLines(file)
  expect(first).toEqual(['before()'])
  expect(shownLines(file)).toBe(first)
  writeFileSync(file, 'after()')
  const second = shownLines(file)
  expect(second).toEqual(['after()'])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(shownLines(file)).toEqual(['after()'])
  expect(shownLines(file)).not.toBe(second)
})

test('many lines of a large file take the time of a few', () => {
  const source = Array.from(
    { length: 3_000 },
    (_, n) => `const user${n} = await users.findOne({ key: 'k${n}', token: t })`,
  )
  const start = performance.now()
  for (let line = 0; line < 3_000; line++) maskedLines(source, line, line)
  // Each line alone takes a hundredth of a second and more.
  expect(performance.now() - start).toBeLessThan(20_000)
})
