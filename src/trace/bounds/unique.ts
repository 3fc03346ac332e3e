import { field, isObject } from '../fields.ts'
import type { IndexKey, UniqueQuestion } from '../resources/resource.ts'

interface AskableClient {
  db(name: string): { collection(name: string): { indexes(): Promise<unknown[]> } }
}

/** Prepares the question whether unique indexes cover each of these ways to match; asked only when nothing else acquits a cursor. */
export function uniqueQuestion(
  target: object,
  { ways, text }: Pick<UniqueQuestion, 'ways' | 'text'>,
): UniqueQuestion | undefined {
  const client = field(target, 'client')
  const namespace = String(field(target, 'namespace') ?? '')
  const dot = namespace.indexOf('.')
  if (dot <= 0) return undefined
  const [database, collection] = [namespace.slice(0, dot), namespace.slice(dot + 1)]
  return {
    ways,
    text,
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
  ...(hasCollation(index) && { collated: true }),
})

/** Whether an index, or the options of one, name a collation. One that its collection gives it is listed with it. */
export const hasCollation = ({ collation }: Record<string, unknown>): boolean =>
  isObject(collation) && collation.locale !== 'simple'

/**
 * Whether each way to match is bounded by a unique index that it covers; `_id` has one always. A partial or sparse one
 * counts too: whether the query stays inside it can't be read, so we stay silent. What a collation compares is unique only
 * in an index with a collation, of which we do not ask whether it is the query's.
 */
export const coversUnique = (
  indexes: readonly IndexKey[],
  { ways, text }: Pick<UniqueQuestion, 'ways' | 'text'>,
): boolean =>
  ways.every((fields) =>
    [...indexes, ID].some(
      ({ unique, key, collated }) =>
        unique && key.length > 0 && key.every((name) => fields.includes(name) && (collated || !text.has(name))),
    ),
  )

const ID: IndexKey = { key: ['_id'], unique: true }

/** The fields that a question is about, for a person to read. */
export const fieldsOf = ({ ways }: Pick<UniqueQuestion, 'ways'>): string =>
  [...new Set(ways.map((fields) => fields.join(', ')))].join(' and ')
