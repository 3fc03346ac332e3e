import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { behaviour, outputs } from './cases.ts'

outputs('30')
behaviour()

test('docs/jest.md shows what is printed', () => {
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
  // That this file is what Jest prints, the first test has compared.
  const printed = read('outputs/30/orders.txt')
    .replace(/^\$ .*\n/, '')
    .replace(/\n*--- exit.*/s, '')
  expect(read('../../docs/jest.md')).toContain(printed)
})
