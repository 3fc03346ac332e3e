import { expect, inject, test } from 'vitest'
import { differences, expected } from '../support/lifetimes.ts'
import { cellsOf, phase } from '../support/phase.ts'
import { marks } from '../support/suite.ts'
import { columns } from './lifetimes/columns.ts'
import { quick } from './lifetimes/runs.ts'
import { table } from './lifetimes/table.ts'

test('the part has its size, and every leak a marked line', () => {
  const all = expected()
  expect(all.length).toBeGreaterThanOrEqual(30)
  expect([...marks('lifetimes').keys()].sort()).toEqual(all.flatMap(({ marks }) => marks).sort())
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
})

// `npm test` runs one of the runners that the root has installed, the matrix the others and their other versions.
const FIRST = ['Vitest 4']
const runs = cellsOf(columns, ({ name, nightly }) =>
  phase === 'test' ? FIRST.includes(name) : !nightly && !FIRST.includes(name),
)

test.each(runs.map((column) => [column.name, column] as const))('%s: as the suite says', async (_name, column) => {
  const { verdicts, output } = await column.run(inject('mongoUri'))
  expect(differences(verdicts, column.runner, column.without)).toEqual([])
  // Word for word in the installed version of each runner.
  if (quick.includes(column)) await expect(output).toMatchFileSnapshot(`outputs/lifetimes-${column.runner}.txt`)
})

test('docs/runners-lifetimes.md lists what the runs are held to', async () => {
  await expect(table()).toMatchFileSnapshot('../../docs/runners-lifetimes.md')
})
