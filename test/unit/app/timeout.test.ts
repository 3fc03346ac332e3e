import { afterEach, expect, test } from 'vitest'
import { collect } from '../../../src/app/collect.ts'
import { now } from '../../../src/clock.ts'
import { state } from '../../../src/state.ts'
import type { LiveRecord } from '../../../src/trace/record.ts'
import { startTrace, stopTrace } from '../../../src/trace.ts'

afterEach(() => stopTrace())

/** A cursor that is open on the server and was used so many minutes ago. */
function noted(minutes: number, notes: string[] = []) {
  startTrace({ detail: 'full' })
  const resource = {
    judge: () => ({ state: 'open', namespace: 'shop.orders', operation: 'FindCursor', fix: '', notes }),
  }
  const at = now() - minutes * 60_000
  const record = { kind: 'cursor', resource, target: {}, trace: {}, scope: state().file, streams: [], lostIds: [] }
  state().file.records.add({ ...record, builtAt: at, usedAt: at, uses: 1, reads: 1 } as object as LiveRecord)
  return collect({ idleMs: 0 }).leaks[0]?.notes
}

test.each([
  [7, []],
  [9, ['the server drops a cursor after 10 minutes without a read (cursorTimeoutMillis): the next read fails then']],
  [11, ['not read for 10 minutes: by its default the server has dropped it, and the next read fails']],
])('a cursor that was not read for %i minutes', (minutes, notes) => {
  expect(noted(minutes)).toEqual(notes)
})

test('one that the server never times out', () => {
  const never = 'noCursorTimeout is set: the server never times it out'
  expect(noted(9, [never])).toEqual([never])
})
