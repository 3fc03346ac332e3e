import { confirmClosed } from '../check/confirm.ts'
import type { State } from '../state.ts'
import { drop } from '../trace/keep.ts'
import { noteCollected, seenOf } from '../trace/light.ts'

/**
 * With `confirm`: asks about the cursors that were closed early since it was asked last. The question kills those that
 * were alive, so what is left of them is counted by their line, and no object of theirs is held.
 */
export async function confirmEarly(current: State): Promise<void> {
  const { file } = current
  await confirmClosed(file)
  for (const record of file.records) {
    const verdict = record.unkilled && record.resource.judge(record)
    if (!verdict) continue
    drop(current, record)
    if (current.app) noteCollected(current.app.store, record, seenOf(verdict))
  }
}
