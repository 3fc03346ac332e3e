import type { LiveRecord, Sweep } from '../record.ts'
import { FIX_BUSY, type Verdict } from './resource.ts'

/** What an object is once its client is closed, by what it was just before: only what the server held was swept. */
export function afterSweep(
  base: Pick<Verdict, 'namespace' | 'operation' | 'fix'>,
  { state, cursorId, notes = [], documentsRead, askUnique }: Sweep,
): Verdict | undefined {
  if (state === 'idle' || state === 'unfinished') return undefined
  // Its reader was at work: whatever the close did to it is no leak.
  if (state === 'busy') return { ...base, state, fix: FIX_BUSY }
  if (state === 'open') return { ...base, state: 'swept', cursorId, notes }
  // Nobody can be asked any more: a command would connect the client again.
  const question = askUnique && { askUnique: { ...askUnique, indexes: async () => undefined } }
  return { ...base, state, notes, documentsRead, ...question }
}

/**
 * Whether a leak that its client's close took away fails all the same: what a test's body or a handler of the app opened,
 * and only the set-up's own close ended, would have stayed open in production.
 */
export const isLeftToTeardown = ({ beforeSweep, by }: Pick<LiveRecord, 'beforeSweep' | 'by'>): boolean =>
  beforeSweep?.tornDown === true && (by === 'body' || by === 'handler')
