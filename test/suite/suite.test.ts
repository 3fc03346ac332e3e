import { expect, inject, test } from 'vitest'
import { differences, expected, marks } from '../support/suite.ts'
import { columns } from './columns/index.ts'

test('the suite has its size, and every leak a marked line', () => {
  const all = expected()
  const clean = all.filter(({ state }) => state === 'clean')
  expect(all.length).toBeGreaterThanOrEqual(40)
  expect(clean.length).toBeGreaterThanOrEqual(all.length / 2)
  expect([...marks().keys()].sort()).toEqual(all.flatMap(({ marks }) => marks).sort())
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

const quick = columns.filter((column) => column.quick)

test.each(quick.map((column) => [column.name, column] as const))('%s: as the suite says', async (_name, column) => {
  expect(differences(await column.run(inject('mongoUri')))).toEqual([])
})
