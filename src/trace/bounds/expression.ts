import { isPlain } from '../fields.ts'
import type { Way } from './filter.ts'

/** Operators that give the same result for each document where their arguments do. `$rand` and `$getField` do not. */
const FIXED = new Set(
  '$concat $convert $toDate $toDecimal $toDouble $toInt $toLong $toLower $toObjectId $toString $toUpper'.split(' '),
)

/**
 * The fields that an `$expr` fixes: `$eq` of a field and a constant, `$in` of a field in a list of constants, `$and` of
 * such. An array is compared as a whole here, so that one value is one key of an index. See
 * https://www.mongodb.com/docs/manual/reference/operator/query/expr/
 */
export function fixedByExpression(expression: unknown, isOwn: (field: string) => boolean): Way {
  const fixed: Way = new Map()
  const note = (path: unknown, count: number | undefined): void => {
    const name = fieldOf(path)
    if (name !== undefined && count !== undefined && isOwn(name))
      fixed.set(name, Math.min(count, fixed.get(name) ?? count))
  }
  const read = (part: unknown): void => {
    if (!isPlain(part)) return
    const { $and, $eq, $in } = part
    if (Array.isArray($and)) $and.forEach(read)
    if (Array.isArray($eq) && $eq.length === 2) {
      const [a, b] = $eq
      note(a, isFixed(b) ? 1 : undefined)
      note(b, isFixed(a) ? 1 : undefined)
    }
    if (Array.isArray($in) && $in.length === 2) note($in[0], lengthOf($in[1]))
  }
  read(expression)
  return fixed
}

/** `$name` is a field; `$$name` is a variable. */
const fieldOf = (path: unknown): string | undefined =>
  typeof path === 'string' && /^\$[^$]/.test(path) ? path.slice(1) : undefined

function lengthOf(list: unknown): number | undefined {
  const given = isPlain(list) && '$literal' in list ? list.$literal : list
  if (!Array.isArray(given)) return undefined
  return given !== list || given.every(isFixed) ? given.length : undefined
}

/** One value for all documents: a constant, a variable that the command brings (these start small), or made of such. */
function isFixed(value: unknown): boolean {
  if (typeof value === 'string') return !value.startsWith('$') || /^\$\$[a-z]/.test(value)
  if (Array.isArray(value)) return value.every(isFixed)
  if (!isPlain(value)) return true
  if ('$literal' in value) return true
  return Object.entries(value).every(([key, inner]) => (!key.startsWith('$') || FIXED.has(key)) && isFixed(inner))
}
