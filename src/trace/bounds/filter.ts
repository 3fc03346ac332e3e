import { isObject, isPlain } from '../fields.ts'
import { smaller } from './count.ts'

/**
 * How many documents a filter can match at most: a number where equality on `_id` says so, else `undefined`; and which
 * top-level fields it fixes to one value, for the question whether a unique index covers them.
 */
export interface FilterBound {
  atMost: number | undefined
  /** Field to the number of keys it may have in an index: 1 for equality, n for an `$in` of n values. */
  fixed: Map<string, number>
}

/** Reads a query filter. Operators it does not know fix nothing. */
export function filterBound(filter: unknown): FilterBound {
  const fixed = new Map<string, number>()
  let atMost: number | undefined
  if (!isPlain(filter)) return { atMost, fixed }
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(value)) {
      for (const part of value.map(filterBound)) {
        atMost = smaller(atMost, part.atMost)
        for (const [name, count] of part.fixed) fixed.set(name, Math.min(count, fixed.get(name) ?? count))
      }
    } else if (key === '$or' && Array.isArray(value)) {
      const parts = value.map((part) => filterBound(part).atMost)
      if (parts.every((n) => n !== undefined)) {
        atMost = smaller(atMost, sum(parts))
      }
    } else if (!key.startsWith('$')) {
      const count = valuesOf(value)
      if (count !== undefined) fixed.set(key, count)
    }
  }
  return { atMost: smaller(atMost, fixed.get('_id')), fixed }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** How many keys of an index one value matches: an array stands for itself, and for being an element of another. */
const keysOf = (value: unknown): number => (Array.isArray(value) ? 2 : 1)

/** How many values a condition allows: equality 1, `$in` its length; undefined for anything else. */
function valuesOf(condition: unknown): number | undefined {
  if (Object.prototype.toString.call(condition) === '[object RegExp]') return undefined
  if (isObject(condition) && (condition as { _bsontype?: unknown })._bsontype === 'BSONRegExp') return undefined
  if (!isPlain(condition)) return keysOf(condition)
  const operators = Object.keys(condition)
  if (!operators.some((name) => name.startsWith('$'))) return 1
  let count: number | undefined
  if ('$eq' in condition) count = keysOf(condition.$eq)
  const list = condition.$in
  if (Array.isArray(list)) {
    const exact = list.every((item) => Object.prototype.toString.call(item) !== '[object RegExp]')
    if (exact) count = smaller(count, sum(list.map(keysOf)))
  }
  return count
}
