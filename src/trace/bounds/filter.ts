import { isObject, isPlain } from '../fields.ts'
import { smaller } from './count.ts'
import { fixedByExpression } from './expression.ts'

/** One way to match a filter: the fields that it fixes, with the number of keys each may have in an index. */
export type Way = Map<string, number>

export interface FilterBound {
  /** The most documents that match: a number where equality on `_id` says so, else `undefined`. */
  atMost: number | undefined
  /** A document matches in one of these ways: one without `$or`, one a branch with it. For the question of unique indexes. */
  ways: Way[]
}

export interface Reading {
  /** Whether a field is the collection's own still. A stage before a `$match` may have changed it. */
  isOwn(field: string): boolean
  /** The client sends no key whose value is undefined; without it such a value is sent as null. */
  ignoreUndefined: boolean
  /** Given where the query has a collation: gets the fields whose values are compared by it. */
  text?: Set<string> | undefined
}

const OWN: Reading = { isOwn: () => true, ignoreUndefined: false }

/** More ways than this bound nothing that fits into a batch, in any case that a person writes. */
const MAX_WAYS = 128

/** Reads a query filter. Operators it does not know fix nothing. */
export function filterBound(filter: unknown, reading: Reading = OWN): FilterBound {
  const fixed: Way = new Map()
  let atMost: number | undefined
  let ways: Way[] = [fixed]
  const also = (bound: FilterBound): void => {
    atMost = smaller(atMost, bound.atMost)
    ways = both(ways, bound.ways)
  }
  if (!isPlain(filter)) return { atMost, ways }
  for (const [key, value] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(value)) for (const part of value) also(filterBound(part, reading))
    else if (key === '$or' && Array.isArray(value)) also(either(value.map((part) => filterBound(part, reading))))
    else if (key === '$expr') also(ofOne(fixedByExpression(value, reading.isOwn)))
    else if (!key.startsWith('$') && reading.isOwn(key)) {
      const count = value === undefined && reading.ignoreUndefined ? undefined : valuesOf(value)
      if (count === undefined) continue
      // By a collation one text may stand for several, also as an `_id`.
      const asText = reading.text !== undefined && holdsText(value)
      if (asText) reading.text?.add(key)
      const way: Way = new Map([[key, count]])
      also(asText ? { atMost: undefined, ways: [way] } : ofOne(way))
    }
  }
  return { atMost, ways }
}

const ofOne = (way: Way): FilterBound => ({ atMost: way.get('_id'), ways: [way] })

function either(parts: readonly FilterBound[]): FilterBound {
  const counts = parts.map(({ atMost }) => atMost)
  return { atMost: counts.every((n) => n !== undefined) ? sum(counts) : undefined, ways: parts.flatMap((p) => p.ways) }
}

/** Both conditions hold: each way of the one with each of the other. Where that grows too large one of them is enough. */
export function both(a: Way[], b: Way[]): Way[] {
  if (a.length * b.length > MAX_WAYS || b.length === 0) return a
  return a.flatMap((one) => b.map((other) => merged(one, other)))
}

function merged(a: Way, b: Way): Way {
  const all: Way = new Map(a)
  for (const [name, count] of b) all.set(name, Math.min(count, all.get(name) ?? count))
  return all
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Whether a collation has a say in an equality with this value, or in one of an operator's. */
function holdsText(value: unknown): boolean {
  if (typeof value === 'string') return true
  if (Array.isArray(value)) return value.some(holdsText)
  return isPlain(value) && Object.values(value).some(holdsText)
}

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
