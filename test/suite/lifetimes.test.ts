import { expect, inject, test } from 'vitest'
import { differences, expected } from '../support/lifetimes.ts'
import { marks } from '../support/suite.ts'
import { quick } from './lifetimes/runs.ts'
import { table } from './lifetimes/table.ts'

test('the part has its size, and every leak a marked line', () => {
  const all = expected()
  expect(all.length).toBeGreaterThanOrEqual(30)
  expect([...marks('lifetimes').keys()].sort()).toEqual(all.flatMap(({ marks }) => marks).sort())
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

test.each(quick.map((column) => [column.name, column] as const))(
  '%s: as the suite says, word for word',
  async (_name, column) => {
    const { verdicts, output } = await column.run(inject('mongoUri'))
    expect(differences(verdicts, column.runner)).toEqual([])
    await expect(output).toMatchFileSnapshot(`outputs/lifetimes-${column.runner}.txt`)
  },
)

test('docs/runners-lifetimes.md lists what the runs are held to', async () => {
  await expect(table()).toMatchFileSnapshot('../../docs/runners-lifetimes.md')
})
