import { expect, inject, test } from 'vitest'
import { differences } from '../support/differences.ts'
import { expected as lifetimes } from '../support/lifetimes.ts'
import { expected, marks } from '../support/suite.ts'
import { columns } from './columns/index.ts'

test('the suite has its size', () => {
  const all = expected('tests')
  const clean = all.filter(({ state }) => state === 'clean')
  expect(all.length).toBeGreaterThanOrEqual(40)
  expect(clean.length).toBeGreaterThanOrEqual(all.length / 2)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test('the part that only Vitest can express has its size', () => {
  const all = [...expected('tests'), ...expected('vitest')]
  expect(expected('vitest').length).toBeGreaterThanOrEqual(25)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test('every leak of every part has a marked line, and every mark a leak', () => {
  const all = [...new Set([...expected('tests', 'vitest'), ...lifetimes()])]
  expect([...marks().keys()].sort()).toEqual(all.flatMap(({ marks }) => marks).sort())
})

const quick = columns.filter((column) => column.quick)

test.each(quick.map((column) => [column.name, column] as const))('%s: as the suite says', async (_name, column) => {
  expect(differences(await column.run(inject('mongoUri')), column.runner, expected('tests'))).toEqual([])
})
