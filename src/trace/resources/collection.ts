import { kindOf } from '../bounds/unique.ts'
import { isObject, isPlain } from '../fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import type { IndexKey } from './resource.ts'

/** Told of each index that this process asks for, with the collection's namespace. */
export type OnIndex = (namespace: string, index: IndexKey) => void

/**
 * Notes the unique indexes that are created here. A suite that drops its collections in an `afterEach` leaves nothing to
 * ask when the check comes, which is later still.
 */
export function watchIndexes(collection: object, onIndex: OnIndex): Undo[] {
  const noting = (read: (args: unknown[]) => IndexKey[]) => (original: AnyFunction) =>
    function (this: { namespace?: unknown }, ...args: unknown[]) {
      for (const index of read(args)) onIndex(String(this.namespace ?? ''), index)
      return original.apply(this, args)
    }
  return [
    wrapMethod(collection, 'createIndex', noting(fromIndexArguments)),
    wrapMethod(collection, 'createIndexes', noting(fromDescriptions)),
  ]
}

const fromIndexArguments = ([spec, options]: unknown[]): IndexKey[] => [
  indexKey(spec, isObject(options) ? options : {}),
]

const fromDescriptions = ([list]: unknown[]): IndexKey[] =>
  Array.isArray(list) ? list.filter(isObject).map((index) => indexKey(index.key, index)) : []

const indexKey = (spec: unknown, options: Record<string, unknown>): IndexKey => ({
  key: keysOf(spec),
  unique: options.unique === true,
  ...kindOf(options),
})

/** The field names of an index as the driver takes it: a name, pairs, an object, a map, or a list of these. */
export function keysOf(spec: unknown): string[] {
  if (typeof spec === 'string') return [spec]
  if (spec instanceof Map) return [...spec.keys()].map(String)
  if (isPlain(spec)) return Object.keys(spec)
  if (!Array.isArray(spec)) return []
  // A single pair: a name and a direction or type.
  if (spec.length === 2 && typeof spec[0] === 'string' && isDirection(spec[1])) return [spec[0]]
  return spec.flatMap(keysOf)
}

const isDirection = (value: unknown): boolean =>
  typeof value === 'number' ||
  ['text', 'hashed', '2d', '2dsphere', 'geoHaystack', 'asc', 'desc'].includes(String(value))
