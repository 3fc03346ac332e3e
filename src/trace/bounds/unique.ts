import { field, isObject } from '../fields.ts'
import type { IndexKey, UniqueQuestion } from '../resources/resource.ts'
import { liesOutside } from './partial.ts'

interface AskableClient {
  db(name: string): { collection(name: string): { indexes(): Promise<unknown[]> } }
}

/** Prepares the question whether unique indexes cover each of these ways to match; asked only when nothing else acquits a cursor. */
export function uniqueQuestion(
  target: object,
  { ways, text }: Pick<UniqueQuestion, 'ways' | 'text'>,
  filters: readonly unknown[],
): UniqueQuestion | undefined {
  const client = field(target, 'client')
  const namespace = String(field(target, 'namespace') ?? '')
  const dot = namespace.indexOf('.')
  if (dot <= 0) return undefined
  const [database, collection] = [namespace.slice(0, dot), namespace.slice(dot + 1)]
  return {
    ways,
    text,
    filters,
    // A cursor of driver 4.0 does not know its client: only what this process has created can acquit it.
    owner: isObject(client) ? client : target,
    cacheKey: namespace,
    async indexes() {
      if (!isObject(client)) return undefined
      const list = await (client as unknown as AskableClient).db(database).collection(collection).indexes()
      return list.filter(isObject).map(toIndexKey)
    },
  }
}

const toIndexKey = (index: Record<string, unknown>): IndexKey => ({
  key: Object.keys(isObject(index.key) ? index.key : {}),
  unique: index.unique === true,
  ...kindOf(index),
})

/** What of an index, or of the options of one, decides which queries it bounds. One that its collection's collation is given is listed with it. */
export const kindOf = (index: Record<string, unknown>): Pick<IndexKey, 'collated' | 'partial' | 'sparse'> => ({
  ...(isObject(index.collation) && index.collation.locale !== 'simple' && { collated: true }),
  ...(isObject(index.partialFilterExpression) && { partial: index.partialFilterExpression }),
  ...(index.sparse === true && { sparse: true }),
})

/**
 * Whether each way to match is bounded by a unique index that it covers; `_id` has one always. A partial or sparse one
 * counts too, unless the query lies outside of it for sure. What a collation compares is unique only
 * in an index with a collation, of which we do not ask whether it is the query's.
 */
export const coversUnique = (
  indexes: readonly IndexKey[],
  { ways, text, filters }: Pick<UniqueQuestion, 'ways' | 'text' | 'filters'>,
): boolean => {
  const bounding = [...indexes, ID].filter(
    ({ unique, key, partial, sparse }) =>
      unique && key.length > 0 && !liesOutside({ expression: partial, ...(sparse && { sparse: key }) }, filters),
  )
  return ways.every((fields) =>
    bounding.some(({ key, collated }) => key.every((name) => fields.includes(name) && (collated || !text.has(name)))),
  )
}

const ID: IndexKey = { key: ['_id'], unique: true }

/** The fields that a question is about, for a person to read. */
export const fieldsOf = ({ ways }: Pick<UniqueQuestion, 'ways'>): string =>
  [...new Set(ways.map((fields) => fields.join(', ')))].join(' and ')
