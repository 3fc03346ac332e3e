import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { constructs as ofMongoose } from '../mongoose/constructs.ts'
import { MONGODB } from '../versions.ts'
import { type Bench, type Connected, openBench } from './bench.ts'
import { checkAll } from './check.ts'
import { checkKinds } from './check-kinds.ts'
import { newest } from './columns.ts'
import { constructs } from './constructs/index.ts'
import { kindGroups } from './constructs/kinds.ts'
import { pages } from './pages.ts'
import { SUBSET } from './subset.ts'
import { type Cells, columns, readColumn } from './table.ts'

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
    driver = await bench.connect(name, newest[name], MONGODB[name])
  })
  checkAll(
    () => bench,
    () => driver,
    cells,
    (id) => SUBSET.has(id),
  )
  const ofKinds: Cells = {}
  if (name === '7.9') {
    checkKinds(
      () => bench,
      () => driver,
      ofKinds,
    )
  }
  test('the cells are those of the table', () => {
    expect(readColumn(`mongodb-${name}`)).toMatchObject(cells)
    expect(readColumn(`mongodb-${name}`, 'kinds')).toMatchObject(ofKinds)
  })
})

test('loaded in another way the driver gets the same cells', () => {
  for (const name of columns('layouts')) {
    const cells = readColumn(name, 'layouts')
    expect([name, cells]).toEqual([name, readColumn('mongodb-7.9')])
  }
})

test('every construct has a name of its own, and the subset names existing ones', () => {
  const ids = constructs.map(({ id }) => id)
  const kinds = kindGroups.flatMap(({ kinds }) => kinds.map(({ id }) => id))
  const names = ofMongoose.map(({ name }) => name)
  for (const all of [ids, kinds, names]) expect(new Set(all).size).toBe(all.length)
  expect([...SUBSET].filter((id) => !ids.includes(id))).toEqual([])
})

test.each(Object.keys(pages))('docs/%s is what the runs have written', async (name) => {
  await expect(pages[name]?.()).toMatchFileSnapshot(`../../docs/${name}`)
})
