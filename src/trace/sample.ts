import type { ResolvedOptions } from '../options.ts'
import type { LeakKind } from '../report/leak.ts'
import type { AnyFunction } from './patch.ts'
import { captureAbove, stackText, type Trace } from './stack.ts'

/** A small service shows all of its sites: the first objects of each kind are all sampled. */
const ALWAYS = 128
/** Different stacks that are kept once however often they occur. */
const MAX_SHARED = 1_000

// Taken when the module loads: a test may replace it later.
const random = Math.random

type Wanted = Pick<ResolvedOptions, 'detail' | 'stackDepth' | 'sampleEvery' | 'tagComments'>

/** Decides whose stack is kept, and keeps equal ones once. */
export interface Sampler {
  built: Partial<Record<LeakKind, number>>
  untilNext: number
  shared: Map<string, string>
}

export const newSampler = (): Sampler => ({ built: {}, untilNext: 0, shared: new Map() })

/**
 * The stack of an object that is being built, as `detail` asks. A sampled one is formatted at once: an unformatted stack
 * keeps receivers and functions alive, and with them the client.
 */
export function sampled(
  sampler: Sampler,
  kind: LeakKind,
  from: AnyFunction[],
  { detail, stackDepth, sampleEvery, tagComments }: Wanted,
): Trace {
  const nth = (sampler.built[kind] ?? 0) + 1
  sampler.built[kind] = nth
  // A client's site is counted for good, so its stack is read in any case.
  if (detail === 'full' && kind !== 'client') return captureAbove(from, stackDepth)
  if (detail === 'count') return {}
  if (kind !== 'client' && !tagComments && nth > ALWAYS && --sampler.untilNext > 0) return {}
  // A random distance around the mean: every 128th would always be the same call of a request that makes two.
  sampler.untilNext = 1 + Math.floor(random() * (2 * sampleEvery - 1))
  return { stack: share(sampler.shared, stackText(captureAbove(from, stackDepth)) ?? '') }
}

function share(shared: Map<string, string>, stack: string): string {
  const same = shared.get(stack)
  if (same !== undefined) return same
  if (shared.size < MAX_SHARED) shared.set(stack, stack)
  return stack
}
