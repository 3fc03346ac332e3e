import { describe, expect, test } from 'vitest'
import type { Bench, Connected } from './bench.ts'
import { type Construct, expectedOf, SIZES } from './construct.ts'
import { groups } from './constructs/index.ts'
import type { Facts } from './measure.ts'
import type { Cells } from './table.ts'

/** Registers one test a construct: each cell is measured, compared with what is expected, and noted for the table. */
export function checkAll(
  bench: () => Bench,
  driver: () => Connected,
  cells: Cells,
  wanted = (_id: string) => true,
): void {
  for (const group of groups) {
    const constructs = group.constructs.filter(({ id }) => wanted(id))
    if (constructs.length === 0) continue
    describe(group.title, () => {
      test.each(constructs)('$id', async (construct) => check(construct, bench(), driver(), cells))
    })
  }
}

async function check(construct: Construct, bench: Bench, driver: Connected, cells: Cells): Promise<void> {
  const [small, large] = SIZES
  if (!bench.has(construct, driver)) {
    cells[construct.id] = ['–', '–']
    return
  }
  const facts = [await bench.measure(construct, driver, small), await bench.measure(construct, driver, large)] as const
  cells[construct.id] = [cellOf(construct, facts[0]), cellOf(construct, facts[1])]
  expect(facts.map(({ verdict }) => verdict)).toEqual(expectedOf(construct, driver.version))
  if (construct.unproven) return
  for (const { claimed, server } of facts) expect(server, 'the server holds as many as we say').toBe(claimed)
  if (construct.sameMatches) return
  // What we accuse with little data is open with much.
  const accused = /(\d*) ?abandoned/.exec(facts[0].verdict)
  if (accused) expect(facts[1].server).toBeGreaterThanOrEqual(Number(accused[1] || 1))
}

const cellOf = ({ unproven }: Construct, { verdict, server }: Facts): string =>
  unproven ? `${verdict} · ?` : `${verdict} · ${server}`
