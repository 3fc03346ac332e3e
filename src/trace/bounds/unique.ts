import { field, isObject } from '../fields.ts'
import type { IndexKey, UniqueQuestion } from '../resources/resource.ts'

interface AskableClient {
  db(name: string): { collection(name: string): { indexes(): Promise<unknown[]> } }
}

/** Prepares the question whether unique indexes cover each of these ways to match; asked only when nothing else acquits a cursor. */
export function uniqueQuestion(target: object, ways: string[][]): UniqueQuestion | undefined {
  const client = field(target, 'client')
  const namespace = String(field(target, 'namespace') ?? '')
  const dot = namespace.indexOf('.')
  if (dot <= 0) return undefined
  const [database, collection] = [namespace.slice(0, dot), namespace.slice(dot + 1)]
  return {
    ways,
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
})

/**
 * Whether each way to match is bounded by a unique index that it covers; `_id` has one always. A partial or sparse one
 * counts too: whether the query stays inside it can't be read, so we stay silent.
 */
export const coversUnique = (indexes: readonly IndexKey[], ways: readonly (readonly string[])[]): boolean =>
  ways.every((fields) =>
    [...indexes, ID].some(
      (index) => index.unique && index.key.length > 0 && index.key.every((name) => fields.includes(name)),
    ),
  )

const ID: IndexKey = { key: ['_id'], unique: true }

/** The fields that a question is about, for a person to read. */
export const fieldsOf = ({ ways }: Pick<UniqueQuestion, 'ways'>): string =>
  [...new Set(ways.map((fields) => fields.join(', ')))].join(' and ')
