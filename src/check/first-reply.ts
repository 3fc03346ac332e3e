import { untilRest } from '../clock.ts'
import { lastOptions } from '../options.ts'
import { state } from '../state.ts'
import { linkFronts } from '../trace/link.ts'
import type { Scope } from '../trace/scope.ts'
import { type Suspect, suspects } from './judge.ts'

/**
 * Judges what a scope holds. What has only begun (a change stream that is listened to, a tailable cursor that is read)
 * holds nothing yet, and a moment later it may: its first reply is waited for, as long as for a close, since behind its
 * test its leak would be nobody's.
 */
export async function withFirstReplies(scope: Scope): Promise<Suspect[]> {
  const now = suspects(scope.records, true)
  const mayFail = ({ begins, level }: Suspect): boolean => begins === true && level === 'fail'
  if (!now.some(mayFail)) return now.filter(({ begins }) => !begins)
  const { settleMs } = lastOptions()
  let looks = 0
  await untilRest(settleMs, () => {
    // The first turn is for all of them: some send their command in a later one.
    if (looks++ === 0) return true
    linkFronts(state())
    return suspects(scope.records, true).some((one) => mayFail(one) && one.verdict.starting === true)
  })
  return suspects(scope.records)
}
