import { isPlain } from '../fields.ts'

/** What an index leaves out: a document that its expression does not match, or one without its fields. */
export interface Part {
  expression?: unknown
  /** The fields that a sparse index wants at least one of. */
  sparse?: readonly string[]
}

/**
 * Whether the documents that a query finds lie outside of a partial or sparse index for sure: a value that it fixes
 * contradicts the index's expression. What can't be compared contradicts nothing.
 * @param filters of the query, all of which hold
 */
export function liesOutside({ expression, sparse }: Part, filters: readonly unknown[]): boolean {
  const fixed = new Map<string, unknown[]>()
  for (const filter of filters) collect(filter, fixed)
  const isNull = (name: string): boolean => fixed.get(name)?.every((value) => value === null) ?? false
  if (sparse !== undefined && sparse.length > 0 && sparse.every(isNull)) return true
  return contradicts(expression, fixed)
}

/** The values that equality and `$in` allow for each field. */
function collect(filter: unknown, fixed: Map<string, unknown[]>): void {
  if (!isPlain(filter)) return
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) for (const part of condition) collect(part, fixed)
    if (key.startsWith('$')) continue
    const values = valuesOf(condition)
    if (values && !fixed.has(key)) fixed.set(key, values)
  }
}

function valuesOf(condition: unknown): unknown[] | undefined {
  // It is sent as null.
  if (condition === undefined) return [null]
  if (!isPlain(condition)) return [condition]
  if ('$eq' in condition) return [condition.$eq]
  return Array.isArray(condition.$in) && condition.$in.length > 0 ? condition.$in : undefined
}

function contradicts(expression: unknown, fixed: ReadonlyMap<string, unknown[]>): boolean {
  if (!isPlain(expression)) return false
  return Object.entries(expression).some(([key, condition]) => {
    if (key === '$and') return Array.isArray(condition) && condition.some((part) => contradicts(part, fixed))
    if (key === '$or') return Array.isArray(condition) && condition.every((part) => contradicts(part, fixed))
    return fixed.get(key)?.every((value) => misses(condition, value)) ?? false
  })
}

type Comparable = string | number | boolean | null

/** What compares here as it does on the server: no array, which stands for its elements, and no value of another copy's class. */
function comparable(value: unknown): Comparable | undefined {
  if (value instanceof Date) return value.getTime()
  const is = typeof value
  return value === null || is === 'string' || is === 'number' || is === 'boolean' ? (value as Comparable) : undefined
}

const kindOf = (value: unknown): string => (value === null ? 'null' : value instanceof Date ? 'date' : typeof value)
const NAMES: Record<string, readonly string[]> = {
  string: ['string'],
  boolean: ['bool'],
  number: ['number', 'int', 'double', 'long', 'decimal'],
  date: ['date'],
  null: ['null'],
}

/** Whether a value does not meet a condition of an index's expression, for sure. */
function misses(condition: unknown, value: unknown): boolean {
  const own = comparable(value)
  if (own === undefined) return false
  if (!isPlain(condition)) return differs(condition, value)
  return Object.entries(condition).some(([operator, wanted]) => {
    if (operator === '$eq') return differs(wanted, value)
    if (operator === '$in') return Array.isArray(wanted) && wanted.every((one) => differs(one, value))
    if (operator === '$exists') return wanted === true && value === null
    if (operator === '$type')
      return typeof wanted === 'string' && isKnown(wanted) && !NAMES[kindOf(value)]?.includes(wanted)
    return isOutOfRange(operator, comparable(wanted), own, kindOf(wanted) === kindOf(value))
  })
}

const isKnown = (type: string): boolean => Object.values(NAMES).flat().includes(type)

function differs(wanted: unknown, value: unknown): boolean {
  const other = comparable(wanted)
  return other !== undefined && (kindOf(wanted) !== kindOf(value) || other !== comparable(value))
}

function isOutOfRange(operator: string, wanted: Comparable | undefined, own: Comparable, alike: boolean): boolean {
  if (!['$gt', '$gte', '$lt', '$lte'].includes(operator) || wanted === undefined || wanted === null) return false
  // The server compares within one type only.
  if (!alike) return true
  if (own === null) return false
  if (operator === '$gt') return own <= wanted
  if (operator === '$gte') return own < wanted
  return operator === '$lt' ? own >= wanted : own > wanted
}
