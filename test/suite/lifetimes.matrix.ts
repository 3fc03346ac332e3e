import { expect, inject, test } from 'vitest'
import { differences } from '../support/lifetimes.ts'
import { cellsOf } from '../support/phase.ts'
import { columns } from './lifetimes/columns.ts'

const wanted = cellsOf(columns, ({ nightly }) => !nightly)

test.each(wanted.map((column) => [column.name, column] as const))('%s: as the suite says', async (_name, column) => {
  const { verdicts } = await column.run(inject('mongoUri'))
  expect(differences(verdicts, column.runner, column.without)).toEqual([])
})
