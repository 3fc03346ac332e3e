import { isPlain } from '../fields.ts'
import { smaller } from './count.ts'
import { filterBound } from './filter.ts'
import { FEW, STAGES } from './stages.ts'

/** What a pipeline's shape says of the number of documents it can give. */
export interface PipelineBound {
  /** The most documents it can give; undefined where nothing bounds it. */
  atMost: number | undefined
  /** Fields that a `$match` on the collection's own documents fixes, for the question of a unique index. */
  fixed: Map<string, number>
}

/** Follows the pipeline stage by stage: a later stage tightens the bound, or lifts it by adding documents. */
export function pipelineBound(pipeline: readonly unknown[]): PipelineBound {
  let atMost: number | undefined
  let fixed = new Map<string, number>()
  let ofCollection = true
  for (const stage of pipeline) {
    const [name, argument] = isPlain(stage) ? (Object.entries(stage)[0] ?? []) : []
    if (name === undefined) continue
    const known = STAGES.get(name)
    if (known?.makes === 'more') fixed = new Map()
    if (known === undefined) atMost ??= FEW
    else if (known.atMost) atMost = known.atMost(argument, atMost, innerBound)
    else if (known.makes === 'more') atMost = undefined
    if (name === '$match' && ofCollection) {
      const match = filterBound(argument)
      atMost = smaller(atMost, match.atMost)
      for (const [field, count] of match.fixed) fixed.set(field, count)
    }
    ofCollection &&= known?.makes === 'same'
  }
  return { atMost, fixed }
}

const innerBound = (pipeline: unknown): number | undefined =>
  Array.isArray(pipeline) ? pipelineBound(pipeline).atMost : undefined
