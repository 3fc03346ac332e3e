import path from 'node:path'
import { rmSync } from '../native.ts'
import { VITEST_NOTES } from '../report/collected.ts'
import { leaveLine, linesLeft } from '../report/leave.ts'
import { valuesOf } from '../report/lines.ts'
import type { FoundLeak } from '../report/summary.ts'
import type { Outcome } from '../runner.ts'
import { guard } from '../say.ts'
import { newPlace, orWithout, removeFolder } from '../temporary.ts'

// What workers find when they end goes by a file: no task's meta data is sent any more by then.

/** Does nothing without a reporter that wants it. */
export function leaveNotes(outcome: Outcome, file = ''): void {
  const leaks: FoundLeak[] = [...outcome.fail, ...outcome.warn].map((leak) => ({ ...leak, file }))
  if (leaks.length > 0) leave(leaks)
}

function leave(note: FoundLeak[] | string): void {
  const notes = process.env[VITEST_NOTES]
  if (notes === undefined) return
  guard('leaving notes for the reporter', () => leaveLine(notes, JSON.stringify(note)))
}

/** A worker that says so goes on behind the run's end, and has something to judge then. */
const WAITS = 'waits'
const ENDS = 'ends'

export const noteWaiting = (waits: boolean): void => leave(waits ? WAITS : ENDS)

/** What workers have left. */
export interface Notes {
  leaks: FoundLeak[]
  /** One of them goes on. */
  waits: boolean
}

/**
 * The reporter's side: workers are started later and inherit the file's name.
 * @param late gets what is there when the process ends: a worker that several files share ends behind the reporter's call
 * @returns reads what has come since the last call
 */
export function collectNotes(late: (leaks: FoundLeak[]) => void): () => Notes {
  const folder = orWithout(() => newPlace('vitest'), 'what is found behind the end of the files is not told')
  let waiting = 0
  if (folder === undefined) return () => ({ leaks: [], waits: false })
  const file = path.join(folder, 'notes')
  process.env[VITEST_NOTES] = file
  const read = (): Notes => {
    const notes = valuesOf<FoundLeak[] | string>(linesLeft(file))
    rmSync(file, { force: true })
    for (const note of notes) waiting += note === WAITS ? 1 : note === ENDS ? -1 : 0
    return { leaks: notes.flatMap((note) => (typeof note === 'string' ? [] : note)), waits: waiting > 0 }
  }
  process.once('exit', () => {
    guard('telling what workers found at their end', () => late(read().leaks))
    removeFolder(folder)
  })
  return read
}
