import path from 'node:path'
import pc from 'picocolors'
import { rmSync } from '../native.ts'
import { isVerbose } from '../options.ts'
import { JEST_NOTES, REPORTER } from '../report/collected.ts'
import { linesLeft } from '../report/leave.ts'
import { reachText } from '../report/reach.ts'
import { summary } from '../report/summary.ts'
import { guard, write } from '../say.ts'
import { newPlace, orWithout, removeFolder } from '../temporary.ts'
import { notesOf, totalsOf } from './notes.ts'
import { type Ran, reachedBy } from './reached.ts'

/**
 * Prints at the end of a run what leaked by creation site, over all tests and workers, what the checks cost, and which
 * test files use the driver and were not checked. Needs the setup file `cursorleak/jest` in each project:
 * `reporters: ['default', 'cursorleak/jest/reporter']`. It writes to stderr, like Jest's own.
 */
export default class CursorLeakReporter {
  /** Undefined where there is no place for it. */
  readonly #file: string | undefined
  readonly #several: boolean
  readonly #files: Ran[] = []

  constructor(config?: { projects?: readonly unknown[] }) {
    this.#several = (config?.projects?.length ?? 0) > 1
    const folder = orWithout(() => newPlace('jest'), 'there is no summary without it')
    if (folder === undefined) return
    this.#file = path.join(folder, 'notes')
    // Workers are started later and inherit it.
    process.env[JEST_NOTES] = this.#file
    process.env[REPORTER] = '1'
    process.once('exit', () => removeFolder(folder))
  }

  /** Called by Jest before each run, in watch mode too. */
  onRunStart(): void {
    if (this.#file !== undefined) rmSync(this.#file, { force: true })
    this.#files.length = 0
  }

  /** Called by Jest when a test file is over, in whichever worker. */
  onTestFileResult(test: Ran['test'], result: Ran['result']): void {
    this.#files.push({ test, result })
  }

  /** Called by Jest before its own summary. */
  onRunComplete(): void {
    if (this.#file === undefined) return
    const notes = notesOf(linesLeft(this.#file))
    const [first, ...rest] = [...summary(totalsOf(notes)), ...this.#reach(notes)]
    if (first === undefined) return
    write(`\n${[`${pc.bold('cursorleak')}  ${first}`, ...rest].join('\n')}`)
  }

  #reach(notes: ReturnType<typeof notesOf>): string[] {
    if (process.env.CURSORLEAK === 'off') return []
    const reached = guard('looking for what was not checked', () => reachedBy(this.#files, notes, this.#several))
    return reachText(reached ?? [], isVerbose())
  }
}
