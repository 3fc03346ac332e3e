import { field, isObject, isPlain } from '../fields.ts'
import { filterBound, smaller } from './filter.ts'
import { pipelineBound } from './pipeline.ts'

/** The first batch's size where the caller sets none: `find` and `aggregate` of every server version. */
export const DEFAULT_BATCH = 101

/** Whether a result can outlive the server's first batch. */
export type Bound =
  | { kind: 'bounded' }
  /** More than a batch; `atMost` where it is bounded after all. */
  | { kind: 'unbounded'; atMost?: number | undefined }
  /** Bounded only if one of the collection's unique indexes covers these fields. */
  | { kind: 'ask'; fields: string[]; atMost?: number | undefined }

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
  return { ...(isObject(given) ? given : {}), ...(isObject(own) ? own : {}) }
}

/** Reads the bound of a cursor's result. What can't be read counts as bounded. */
export function boundOf(cursor: object): Bound {
  const options = optionsOf(cursor)
  const batch = firstBatch(options.batchSize ?? nested(options.cursor, 'batchSize'))
  switch (shapeOf(cursor)) {
    case 'find':
      return ofFind(field(cursor, 'cursorFilter', 'filter'), options, batch)
    case 'aggregate':
      return ofPipeline(field(cursor, 'pipeline') as unknown[], batch)
    case 'listCollections':
      return ofList(nested(field(cursor, 'filter'), 'name'), options.batchSize)
    case 'listIndexes':
      return ofList(undefined, options.batchSize)
    case 'runCommand':
      return ofCommand(field(cursor, 'command') as Record<string, unknown>)
    default:
      return BOUNDED
  }
}

function ofFind(filter: unknown, options: Record<string, unknown>, batch: number | undefined): Bound {
  const limit = options.limit
  if (batch === undefined || options.singleBatch === true || options.explain) return BOUNDED
  if (typeof limit === 'number' && limit !== 0 && (limit < 0 || limit <= batch)) return BOUNDED
  const { atMost, fixed } = filterBound(filter)
  return decide(typeof limit === 'number' && limit > 0 ? smaller(atMost, limit) : atMost, fixed, batch)
}

function ofPipeline(pipeline: readonly unknown[], batch: number | undefined): Bound {
  if (batch === undefined) return BOUNDED
  const { atMost, fixed } = pipelineBound(pipeline)
  return decide(atMost, fixed, batch)
}

function ofCommand(command: Record<string, unknown>): Bound {
  if ('find' in command) return ofFind(command.filter ?? {}, command, firstBatch(command.batchSize))
  const batch = firstBatch(nested(command.cursor, 'batchSize'))
  if ('aggregate' in command && Array.isArray(command.pipeline)) return ofPipeline(command.pipeline, batch)
  if ('listCollections' in command) {
    return ofList(nested(command.filter, 'name'), nested(command.cursor, 'batchSize'))
  }
  return BOUNDED
}

/** Without a batch size a server sends every collection or index in the first batch, up to 16 MB. */
function ofList(name: unknown, batchSize: unknown): Bound {
  return typeof name === 'string' || firstBatch(batchSize) === undefined || batchSize === undefined
    ? BOUNDED
    : UNBOUNDED
}

function decide(atMost: number | undefined, fixed: Map<string, number>, batch: number): Bound {
  if (atMost !== undefined && atMost <= batch) return BOUNDED
  const fields = [...fixed].filter(([, count]) => count <= batch).map(([name]) => name)
  return fields.length > 0 ? { kind: 'ask', fields, atMost } : { kind: 'unbounded', atMost }
}

/**
 * Whether the batches that came would hold the whole result, had each been full: then more data leaves nothing open
 * either. Without a batch size all batches after the first are as large as the server can make them.
 */
export function holdsAll(cursor: object, atMost: number | undefined, sent: number): boolean {
  if (atMost === undefined) return false
  const options = optionsOf(cursor)
  const size = Number(options.batchSize ?? nested(options.cursor, 'batchSize'))
  if (size > 0) return Math.ceil(sent / size) * size >= atMost
  return sent > DEFAULT_BATCH || sent >= atMost
}

/** Undefined where the first batch is the only one, or is empty: then its size bounds nothing we could compare. */
function firstBatch(batchSize: unknown): number | undefined {
  if (batchSize === undefined || batchSize === null) return DEFAULT_BATCH
  const size = Number(batchSize)
  return Number.isFinite(size) && size > 0 ? size : undefined
}

const nested = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)
