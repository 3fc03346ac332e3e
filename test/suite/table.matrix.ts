import { expect, inject, test } from 'vitest'
import { differences } from '../support/differences.ts'
import { cellsOf } from '../support/phase.ts'
import { expected, type Verdicts } from '../support/suite.ts'
import { columns } from './columns/index.ts'
import { table } from './table.ts'

const done = new Map<string, Verdicts>()

test.each(
  cellsOf(columns, (column) => !column.nightly).map(
    (column) => [[column.name, column.variant ?? ''].join(' ').trim(), column] as const,
  ),
)('%s: as the suite says, and as all others', async (_name, column) => {
  const found = await column.run(inject('mongoUri'))
  expect(differences(found, column.runner, expected('tests'))).toEqual([])
  const first = [...done.values()][0]
  if (!done.has(column.name)) done.set(column.name, found)
  // Whole verdicts: the headline with its counts, and the place.
  expect(found).toEqual(first ?? found)
})

test('docs/runners.md is what was seen', async () => {
  await expect(table(done)).toMatchFileSnapshot('../../docs/runners.md')
})
