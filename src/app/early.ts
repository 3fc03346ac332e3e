import { confirmClosed } from '../check/confirm.ts'
import type { State } from '../state.ts'
import { noteCollected } from '../trace/light.ts'

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
    file.records.delete(record)
    const { state, namespace, operation, fix, cursorId } = verdict
    if (current.app) noteCollected(current.app.store, record, { state, namespace, operation, fix, cursorId })
  }
}
