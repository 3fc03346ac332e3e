import { field, isObject, isPlain } from '../fields.ts'
import { countOf, smaller } from './count.ts'
import { filterBound, type Way } from './filter.ts'
import { pipelineBound } from './pipeline.ts'

/** The first batch's size where the caller sets none: `find` and `aggregate` of every server version. */
export const DEFAULT_BATCH = 101

/** Whether a result can outlive the server's first batch. */
export type Bound =
  | { kind: 'bounded' }
  /** More than a batch; `atMost` where it is bounded after all. */
  | { kind: 'unbounded'; atMost?: number | undefined }
  /** Bounded only if for each of these ways to match, one of the collection's unique indexes covers its fields. */
  | {
      kind: 'ask'
      ways: string[][]
      /** Of these fields, those that the query's collation compares: an index counts if it has one, too. */
      text: ReadonlySet<string>
      atMost?: number | undefined
      /** The most documents that match where one does. */
      ifUnique: number
    }

const BOUNDED: Bound = { kind: 'bounded' }
const UNBOUNDED: Bound = { kind: 'unbounded' }

/** The driver's classes as this module tells them apart: by their fields, since bundles rename classes. */
export type CursorShape = 'find' | 'aggregate' | 'listCollections' | 'listIndexes' | 'runCommand' | 'unknown'

export function shapeOf(cursor: object): CursorShape {
  if (isPlain(field(cursor, 'command'))) return 'runCommand'
  // Before the next line: an aggregation of driver 4.0 has a parent too.
  if (Array.isArray(field(cursor, 'pipeline'))) return 'aggregate'
  if (isObject(field(cursor, 'parent')))
    return field(cursor, 'filter') === undefined ? 'listIndexes' : 'listCollections'
  if (field(cursor, 'cursorFilter', 'filter') !== undefined) return 'find'
  return 'unknown'
}

/** Options of the cursor: what the call was given, and what was set by its methods. */
export function optionsOf(cursor: object): Record<string, unknown> {
  const given = field(cursor, 'findOptions', 'builtOptions') ?? field(cursor, 'aggregateOptions', 'options')
  const own = field(cursor, 'cursorOptions', 'options')
  return { ...ofAggregation(cursor), ...(isObject(given) ? given : {}), ...(isObject(own) ? own : {}) }
}

/** An aggregation of drivers 4 and 5 has two fields under symbols of one description: the second holds what was given. */
function ofAggregation(cursor: object): object | undefined {
  const [, given] = Object.getOwnPropertySymbols(cursor).filter(({ description }) => description === 'options')
  const options = given && (cursor as Record<symbol, unknown>)[given]
  return isObject(options) ? options : undefined
}

/** Reads the bound of a cursor's result. What can't be read counts as bounded. */
export function boundOf(cursor: object): Bound {
  const options = optionsOf(cursor)
  switch (shapeOf(cursor)) {
    case 'find':
      return ofFind(field(cursor, 'cursorFilter', 'filter'), plainNumbers(options))
    case 'aggregate':
      return ofPipeline(field(cursor, 'pipeline') as unknown[], batchSizeOf(options), {
        ignoreUndefined: isLeftOut(options),
        collation: options.collation,
      })
    case 'listCollections':
      return ofList(nested(field(cursor, 'filter'), 'name'), plainNumbers(options).batchSize)
    case 'listIndexes':
      return ofList(undefined, options.batchSize)
    case 'runCommand':
      return ofCommand(field(cursor, 'command') as Record<string, unknown>, isLeftOut(options))
    default:
      return BOUNDED
  }
}

/** The filters of a query, all of which hold: a find's, or those that an aggregation begins with. */
export function filtersOf(cursor: object): unknown[] {
  const command = field(cursor, 'command')
  const given: Record<string, unknown> = isObject(command)
    ? command
    : { filter: field(cursor, 'cursorFilter', 'filter'), pipeline: field(cursor, 'pipeline') }
  if (!Array.isArray(given.pipeline)) return [given.filter]
  const later = given.pipeline.findIndex((stage) => nested(stage, '$match') === undefined)
  return given.pipeline.slice(0, later < 0 ? undefined : later).map((stage) => nested(stage, '$match'))
}

/** No driver sends a BSON number here: with `limit: new Int32(2)` a find gives all that matches. */
const plainNumbers = ({ limit, batchSize, ...options }: Record<string, unknown>): Record<string, unknown> => ({
  ...options,
  ...(typeof limit === 'number' ? { limit } : {}),
  ...(typeof batchSize === 'number' ? { batchSize } : {}),
})

const batchSizeOf = (options: Record<string, unknown>): unknown =>
  options.batchSize ?? nested(options.cursor, 'batchSize')

/** How many documents the server sends at once, at the most. */
export function batchOf(cursor: object): number {
  const options = optionsOf(cursor)
  const command = field(cursor, 'command')
  const given = batchSizeOf(options)
  return (
    firstBatch(given ?? nested(command, 'batchSize') ?? nested(nested(command, 'cursor'), 'batchSize')) ?? DEFAULT_BATCH
  )
}

function ofFind(filter: unknown, options: Record<string, unknown>): Bound {
  const batch = firstBatch(options.batchSize)
  const limit = countOf(options.limit) ?? 0
  if (batch === undefined || options.singleBatch === true || options.explain) return BOUNDED
  if (limit !== 0 && limit <= batch) return BOUNDED
  const text = comparedBy(options.collation)
  const { atMost, ways } = filterBound(filter, { isOwn: () => true, ignoreUndefined: isLeftOut(options), text })
  return decide(limit > 0 ? smaller(atMost, limit) : atMost, ways, batch, text)
}

function ofPipeline(
  pipeline: readonly unknown[],
  batchSize: unknown,
  { ignoreUndefined, collation }: { ignoreUndefined: boolean; collation: unknown },
): Bound {
  const batch = firstBatch(batchSize)
  if (batch === undefined) return BOUNDED
  const text = comparedBy(collation)
  const { atMost, ways } = pipelineBound(pipeline, ignoreUndefined, text)
  return decide(atMost, ways, batch, text)
}

/** Where the fields go that a collation compares; none without one, or with the one that compares bytes. */
const comparedBy = (collation: unknown): Set<string> | undefined =>
  isObject(collation) && collation.locale !== 'simple' ? new Set() : undefined

/** A condition whose value is undefined is not sent, by an option of the client or of the call. */
const isLeftOut = (options: Record<string, unknown>): boolean => options.ignoreUndefined === true

function ofCommand(command: Record<string, unknown>, ignoreUndefined: boolean): Bound {
  if ('find' in command) return ofFind(command.filter ?? {}, { ...command, ignoreUndefined })
  const batchSize = nested(command.cursor, 'batchSize')
  if ('aggregate' in command && Array.isArray(command.pipeline)) {
    return ofPipeline(command.pipeline, batchSize, { ignoreUndefined, collation: command.collation })
  }
  if ('listCollections' in command) return ofList(nested(command.filter, 'name'), batchSize)
  return BOUNDED
}

/** Without a batch size a server sends every collection or index in the first batch, up to 16 MB. */
function ofList(name: unknown, batchSize: unknown): Bound {
  return typeof name === 'string' || firstBatch(batchSize) === undefined || batchSize === undefined
    ? BOUNDED
    : UNBOUNDED
}

function decide(atMost: number | undefined, ways: Way[], batch: number, text: ReadonlySet<string> = new Set()): Bound {
  if (atMost !== undefined && atMost <= batch) return BOUNDED
  const few = ways.map((way) => [...way].filter(([, count]) => count <= batch))
  // Each way to match gives one document at the least.
  if (few.length > batch || few.some((way) => way.length === 0)) return { kind: 'unbounded', atMost }
  const ifUnique = few
    .map((way) => way.reduce((product, [, count]) => product * count, 1))
    .reduce((sum, count) => sum + count, 0)
  return { kind: 'ask', ways: few.map((way) => way.map(([name]) => name)), text, atMost, ifUnique }
}

/**
 * Whether the batches that came would hold the whole result, had each been full: then more data leaves nothing open
 * either. Without a batch size all batches after the first are as large as the server can make them; the driver sends
 * one for them only where it is a plain number.
 */
export function holdsAll(cursor: object, atMost: number | undefined, sent: number): boolean {
  if (atMost === undefined) return false
  const batchSize = batchSizeOf(optionsOf(cursor))
  const size = countOf(batchSize) ?? 0
  if (size > 0 && typeof batchSize === 'number') return Math.ceil(sent / size) * size >= atMost
  return sent > (size > 0 ? size : DEFAULT_BATCH) || sent >= atMost
}

/** Undefined where the first batch is the only one, or is empty: then its size bounds nothing we could compare. */
function firstBatch(batchSize: unknown): number | undefined {
  if (batchSize === undefined || batchSize === null) return DEFAULT_BATCH
  const size = countOf(batchSize)
  return size !== undefined && size > 0 ? size : undefined
}

const nested = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)
