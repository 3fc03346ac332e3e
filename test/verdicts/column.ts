import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Bench, type Connected, openBench } from './bench.ts'
import { checkAll } from './check.ts'
import type { Driver } from './construct.ts'
import { type Cells, columnFile, columnText } from './table.ts'

/** Registers the whole catalogue for one driver, on a server of its own, and compares it with the table's column. */
export function column(name: string, load: () => Promise<Driver> | Driver, version: string): void {
  // A driver that never answers is to be found soon.
  vi.setConfig({ testTimeout: 60_000 })
  let bench: Bench
  let driver: Connected
  const cells: Cells = {}
  beforeAll(async () => {
    const mongodb = await load()
    bench = await openBench(mongodb)
    driver = await bench.connect(name, mongodb, version)
  })
  afterAll(() => bench?.stop())
  checkAll(
    () => bench,
    () => driver,
    cells,
  )
  test('the table holds what was measured', async () => {
    await expect(columnText(cells)).toMatchFileSnapshot(columnFile(name))
  })
}
