import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachValue, pairwise } from '../../support/pairwise.ts'

const axesOf = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 6 })
  .map((sizes) =>
    Object.fromEntries(sizes.map((size, i) => [`axis${i}`, Array.from({ length: size }, (_, v) => `${v}`)])),
  )

test('every two values of two axes meet, and never two that must not', () => {
  fc.assert(
    fc.property(axesOf, (axes) => {
      const isAllowed = (row: Record<string, string | undefined>) => !(row.axis0 === '1' && row.axis1 === '1')
      const rows = pairwise(axes, isAllowed)
      expect(rows.every(isAllowed)).toBe(true)
      for (const [a, b] of twoOf(Object.keys(axes))) {
        for (const x of axes[a] ?? []) {
          for (const y of axes[b] ?? []) {
            const met = rows.some((row) => row[a] === x && row[b] === y)
            expect(met, `${a}=${x} ${b}=${y}`).toBe(isAllowed({ [a]: x, [b]: y }))
          }
        }
      }
    }),
  )
})

test('far fewer rows than the product', () => {
  const four = ['a', 'b', 'c', 'd']
  expect(pairwise({ one: four, two: four, three: four, four, five: four }).length).toBeLessThan(30)
})

test('some of the rows meet every value that all of them have', () => {
  fc.assert(
    fc.property(axesOf, (axes) => {
      const all = pairwise(axes)
      const few = eachValue(all)
      const values = (rows: Record<string, string>[]) => [...new Set(rows.flatMap(Object.entries).map(String))].sort()
      expect(values(few)).toEqual(values(all))
      expect(few.length).toBeLessThanOrEqual(values(all).length)
    }),
  )
})

const twoOf = (names: string[]): [string, string][] =>
  names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]))
