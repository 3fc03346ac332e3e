import { isPlain } from '../fields.ts'
import { smaller } from './count.ts'
import { both, filterBound, type Way } from './filter.ts'
import { keptBy } from './kept.ts'
import { FEW, STAGES } from './stages.ts'

/** What a pipeline's shape says of the number of documents it can give. */
export interface PipelineBound {
  /** The most documents it can give; undefined where nothing bounds it. */
  atMost: number | undefined
  /** The ways to match its `$match` stages on the collection's own fields, for the question of a unique index. */
  ways: Way[]
}

/** Follows the pipeline stage by stage: a later stage tightens the bound, or lifts it by adding documents. */
export function pipelineBound(
  pipeline: readonly unknown[],
  ignoreUndefined = false,
  text?: Set<string> | undefined,
): PipelineBound {
  const inner = (nested: unknown): number | undefined =>
    Array.isArray(nested) ? pipelineBound(nested, ignoreUndefined, text).atMost : undefined
  let atMost: number | undefined
  let ways: Way[] = [new Map()]
  let isOwn = (_field: string): boolean => true
  for (const stage of pipeline) {
    const [name, argument] = isPlain(stage) ? (Object.entries(stage)[0] ?? []) : []
    if (name === undefined) continue
    const known = STAGES.get(name)
    if (known?.makes === 'more') ways = [new Map()]
    if (known === undefined) atMost ??= FEW
    else if (known.atMost) atMost = known.atMost(argument, atMost, inner)
    else if (known.makes === 'more') atMost = undefined
    if (name === '$match') {
      const match = filterBound(argument, { isOwn, ignoreUndefined, text })
      atMost = smaller(atMost, match.atMost)
      ways = both(ways, match.ways)
    }
    if (known?.makes !== 'same') {
      const before = isOwn
      const isKept = known?.makes === 'changed' ? keptBy(name, argument) : () => false
      isOwn = (field) => isKept(field) && before(field)
    }
  }
  return { atMost, ways }
}
