import { readFileSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { outputs } from './cases.ts'
import { jest } from './jest.ts'

outputs('30')

test('docs/jest.md shows what is printed', () => {
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
  // That this file is what Jest prints, the first test has compared.
  const printed = read('outputs/30/orders.txt')
    .replace(/^\$ .*\n/, '')
    .replace(/\n*--- exit.*/s, '')
  expect(read('../../docs/jest.md')).toContain(printed)
})

// Jest takes the properties of what a file put on its global object away, and warns (JEST-01) of whoever reads them later.
test.each(['soft', 'on', 'off'])(
  'startTrace() by hand that is never stopped, with globalsCleanup: %s',
  async (mode) => {
    const text = await jest({
      uri: inject('mongoUri'),
      args: ['--runInBand'],
      config: {
        testMatch: ['<rootDir>/by-hand/*.test.cjs'],
        setupFilesAfterEnv: [],
        testEnvironmentOptions: { globalsCleanup: mode },
      },
    })
    expect(text).toBe(`$ jest --runInBand
PASS by-hand/first.test.cjs
PASS by-hand/second.test.cjs

Test Suites: 2 passed, 2 total
Tests:       2 passed, 2 total
Snapshots:   0 total
Time:        <time>
Ran all test suites.
--- exit 0
`)
  },
)
