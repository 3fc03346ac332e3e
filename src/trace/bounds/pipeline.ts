import { isPlain } from '../fields.ts'
import { filterBound } from './filter.ts'

/** What a pipeline's shape says of the number of documents it can give. */
export interface PipelineBound {
  /** The most documents it can give; undefined where nothing bounds it. */
  atMost: number | undefined
  /** Fields that a leading `$match` fixes, for the question of a unique index. */
  fixed: Map<string, number>
}

// The only stages that give more documents than they take; one we don't know keeps a bound: silence is the safe side.
const MAY_ADD = new Set(['$unwind', '$unionWith', '$densify', '$fill'])
// A handful by their nature: one document a collection, an index, a plan.
const FEW = new Set(['$collStats', '$indexStats', '$planCacheStats', '$listSearchIndexes'])

/** Follows the pipeline stage by stage: a later stage tightens the bound, or lifts it by adding documents. */
export function pipelineBound(pipeline: readonly unknown[]): PipelineBound {
  let atMost: number | undefined
  let fixed = new Map<string, number>()
  let onlyMatches = true
  for (const stage of pipeline) {
    const [name, argument] = isPlain(stage) ? (Object.entries(stage)[0] ?? []) : []
    if (name === undefined) continue
    if (MAY_ADD.has(name) || (name === '$graphLookup' && isPlain(argument) && 'unwind' in argument)) {
      atMost = undefined
      fixed = new Map()
    }
    const own = boundOf(name, argument)
    if (own !== undefined) atMost = atMost === undefined ? own : Math.min(atMost, own)
    if (name === '$match' && onlyMatches) {
      const match = filterBound(argument)
      if (match.atMost !== undefined) atMost = Math.min(atMost ?? match.atMost, match.atMost)
      for (const [field, count] of match.fixed) fixed.set(field, count)
    }
    onlyMatches &&= name === '$match'
  }
  return { atMost, fixed }
}

function boundOf(name: string, argument: unknown): number | undefined {
  if (name === '$limit' && isNumberLike(argument)) return Number(argument)
  if (FEW.has(name) || name === '$count' || name === '$facet') return 1
  if (name === '$out' || name === '$merge') return 0
  if (!isPlain(argument)) return name === '$documents' && Array.isArray(argument) ? argument.length : undefined
  if (name === '$sample' && isNumberLike(argument.size)) return Number(argument.size)
  if (name === '$group' && isConstant(argument._id)) return 1
  if (name === '$bucketAuto' && isNumberLike(argument.buckets)) return Number(argument.buckets)
  if (name === '$bucket' && Array.isArray(argument.boundaries)) return argument.boundaries.length
  return undefined
}

/** A number, or a BSON number class (`Int32`, `Long`, `Double`) that converts to one. */
const isNumberLike = (value: unknown): boolean => value !== null && value !== '' && Number.isFinite(Number(value))

/** An expression that refers to no field and no variable gives one group. */
function isConstant(expression: unknown): boolean {
  if (typeof expression === 'string') return !expression.startsWith('$')
  if (Array.isArray(expression)) return expression.every(isConstant)
  if (isPlain(expression)) return Object.entries(expression).every(([k, v]) => !k.startsWith('$') && isConstant(v))
  return true
}
