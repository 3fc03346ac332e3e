import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Bench, type Connected, openBench } from './bench.ts'
import { checkAll } from './check.ts'
import { checkKinds } from './check-kinds.ts'
import type { Driver } from './construct.ts'
import { type Cells, columnFile, columnText, ownCells } from './table.ts'

/** Registers every row for one driver, on a server of its own, and compares what was measured with the tables' columns. */
export function column(name: string, load: () => Promise<Driver> | Driver, version: string): void {
  const cells: Cells = {}
  const { bench, driver } = constructsOf(name, load, version, cells)
  const ofKinds: Cells = {}
  checkKinds(bench, driver, ofKinds)
  test('the table holds what was measured', async () => {
    await expect(columnText(ownCells(name, cells, 'columns'))).toMatchFileSnapshot(columnFile(name))
    await expect(columnText(ownCells(name, ofKinds, 'kinds'))).toMatchFileSnapshot(columnFile(name, 'kinds'))
  })
}

/** The same constructs with the driver loaded in another way. */
export function layout(name: string, load: () => Promise<Driver> | Driver, version: string): void {
  const cells: Cells = {}
  constructsOf(name, load, version, cells)
  test('the table holds what was measured', async () => {
    await expect(columnText(ownCells(name, cells, 'layouts'))).toMatchFileSnapshot(columnFile(name, 'layouts'))
  })
}

function constructsOf(name: string, load: () => Promise<Driver> | Driver, version: string, cells: Cells) {
  // A driver that never answers is to be found soon.
  vi.setConfig({ testTimeout: 60_000 })
  let opened: Bench
  let connected: Connected
  beforeAll(async () => {
    const mongodb = await load()
    opened = await openBench(mongodb)
    connected = await opened.connect(name, mongodb, version)
  })
  afterAll(() => opened?.stop())
  const bench = () => opened
  const driver = () => connected
  checkAll(bench, driver, cells)
  return { bench, driver }
}
