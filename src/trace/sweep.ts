import type { State } from '../state.ts'
import { drop, liveRecords } from './keep.ts'
import { lookAt, noteCollected, seenOf } from './light.ts'
import { isOfClient } from './owner.ts'
import type { LiveRecord } from './record.ts'

/**
 * A client is about to close: what it still holds is judged now, since its fields tell nothing afterwards. Who closes it
 * decides how loud that is: a client that a hook closes was the test's set-up, and in production nobody would have closed
 * it; one that the code under test closes by itself is that code's own, tidy shutdown.
 */
export function sweep(current: State, client: object): void {
  const by = current.als.getStore()?.by
  const tornDown = by !== 'body' && by !== 'handler'
  // What was reported is judged no more; that its client closed it is no word of its owner's. Read to its end is one.
  for (const { reported = [] } of [current.file, ...current.worker.files, ...current.running, ...current.checked]) {
    for (const record of reported) {
      if (record.closedBy || !isOfClient(record.target, client)) continue
      if (record.resource.judge(record)) record.closedBy = 'sweep'
    }
  }
  for (const record of liveRecords(current)) {
    if (current.app && record.closedStarting && isOfClient(record.target, client)) countUnkilled(current, record)
    if (record.closedBy || !isOfClient(record.target, client)) continue
    const verdict = record.resource.judge(record)
    record.closedBy = 'sweep'
    // An acquittal is final; and what its fields call clean was clean.
    if (!verdict || verdict.state === 'unfinished' || record.acquitted) drop(current, record)
    else {
      const { state, cursorId, notes, documentsRead, askUnique } = verdict
      record.beforeSweep = { state, cursorId, notes, documentsRead, tornDown, askUnique }
      lookOnce(current, record)
    }
  }
}

/** What a fault of the driver's left alive is not ended by its client's close either; its fields say so no more then. */
function countUnkilled(current: State, record: LiveRecord): void {
  const verdict = record.resource.judge(record)
  if (!current.app || verdict?.state !== 'unkilled') return
  noteCollected(current.app.store, record, seenOf(verdict))
  drop(current, record)
  // Nothing returns it.
  delete record.reportedAt
}

function lookOnce(current: State, record: LiveRecord): void {
  if (current.app && record.light) lookAt(current.app.store, record.light, record)
}
