import { JEST_NOTES } from '../report/collected.ts'
import type { Leak } from '../report/leak.ts'
import { leaveLine } from '../report/leave.ts'
import { valuesOf } from '../report/lines.ts'
import type { Totals } from '../report/summary.ts'
import type { Outcome } from '../runner.ts'
import { guard } from '../say.ts'
import { state } from '../state.ts'
import { isBlind } from '../trace/registry.ts'

/** What one test file leaves there, as one line of JSON. */
export interface FileNotes {
  /** The test file's path. */
  file?: string | undefined
  leaks: Leak[]
  seen: number
  ms: number
  /** Switched off by an option. */
  off?: true
  /** Whether the trace was not on any more at its end. */
  blind?: true
}

/** Collects what a file's checks find. Does nothing without a reporter that wants it. */
export function fileNotes(): { add(outcome: Outcome): Outcome; write(more?: { off: true }): void } {
  const leaks: Leak[] = []
  return {
    add(outcome) {
      leaks.push(...outcome.fail, ...outcome.warn)
      return outcome
    },
    write(more) {
      const path = process.env[JEST_NOTES]
      if (path === undefined) return
      const { seen, spent, file } = state()
      const blind = isBlind() ? { blind: true as const } : {}
      const notes: FileNotes = { file: file.name, leaks, seen: seen.cursors, ms: spent.ms, ...blind, ...more }
      guard('leaving notes for the reporter', () => leaveLine(path, JSON.stringify(notes)))
    },
  }
}

/** The lines that test files have left. */
export const notesOf = (text: string): FileNotes[] => valuesOf<FileNotes>(text)

/** Adds them up. */
export function totalsOf(all: readonly FileNotes[]): Totals {
  return {
    leaks: all.flatMap(({ leaks, file = '' }) => leaks.map((leak) => ({ ...leak, file }))),
    seen: all.reduce((sum, { seen }) => sum + seen, 0),
    ms: all.reduce((sum, { ms }) => sum + ms, 0),
  }
}
