import { expect, inject, test } from 'vitest'
import { differences, expected } from '../support/lifetimes.ts'
import { marks } from '../support/suite.ts'
import { quick } from './lifetimes/runs.ts'

test('the part has its size, and every leak a marked line', () => {
  const all = expected()
  expect(all.length).toBeGreaterThanOrEqual(30)
  expect([...marks('lifetimes').keys()].sort()).toEqual(all.flatMap(({ marks }) => marks).sort())
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test.each(quick.map((column) => [column.name, column] as const))('%s: as the suite says', async (_name, column) => {
  expect(differences(await column.run(inject('mongoUri')), column.runner)).toEqual([])
})
