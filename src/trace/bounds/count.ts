const BSON_NUMBERS = new Set(['Int32', 'Long', 'Double', 'Decimal128'])

/**
 * A number as a command may carry it: JavaScript's own, or one of the BSON classes. `undefined` for anything else. Told
 * by `_bsontype`, since each copy of the driver has classes of its own.
 */
export function countOf(value: unknown): number | undefined {
  const type = typeof value
  const isBson = BSON_NUMBERS.has(String((value as { _bsontype?: unknown } | null | undefined)?._bsontype))
  if (type !== 'number' && type !== 'bigint' && !isBson) return undefined
  const count = Number(value)
  return Number.isFinite(count) ? count : undefined
}

export const smaller = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b)
