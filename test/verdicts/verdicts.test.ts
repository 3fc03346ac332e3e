import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, type Connected, openBench } from './bench.ts'
import { checkAll } from './check.ts'
import { newest } from './columns.ts'
import { constructs } from './constructs/index.ts'
import { SUBSET } from './subset.ts'
import { type Cells, page, readColumn } from './table.ts'

const DRIVERS = ['4.17', '7.9'] as const

let bench: Bench
beforeAll(async () => {
  bench = await openBench(newest['7.9'])
})
afterAll(() => bench?.stop())

describe.each(DRIVERS)('driver %s', (name) => {
  const cells: Cells = {}
  let driver: Connected
  beforeAll(async () => {
    driver = await bench.connect(name, newest[name], `${name}.0`)
  })
  checkAll(
    () => bench,
    () => driver,
    cells,
    (id) => SUBSET.has(id),
  )
  test('the cells are those of the table', () => {
    expect(readColumn(`mongodb-${name}`)).toMatchObject(cells)
  })
})

test('every construct has a name of its own, and the subset names existing ones', () => {
  const ids = constructs.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...SUBSET].filter((id) => !ids.includes(id))).toEqual([])
})

test('docs/verdicts.md is what the runs have written', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/verdicts.md')
})
