import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pc from 'picocolors'
import { isVerbose } from '../options.ts'
import { REPORTER } from '../report/collected.ts'
import { reachText } from '../report/reach.ts'
import { summary } from '../report/summary.ts'
import { guard } from '../say.ts'
import { NOTES, notesOf, totalsOf } from './notes.ts'
import { type Ran, reachedBy } from './reached.ts'

/**
 * Prints at the end of a run what leaked by creation site, over all tests and workers, what the checks cost, and which
 * test files use the driver and were not checked. Needs the setup file `cursorleak/jest` in each project:
 * `reporters: ['default', 'cursorleak/jest/reporter']`. It writes to stderr, like Jest's own.
 */
export default class CursorLeakReporter {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-jest-'))
  readonly #file = path.join(this.#folder, 'notes')

  readonly #several: boolean
  readonly #files: Ran[] = []

  constructor(config?: { projects?: readonly unknown[] }) {
    this.#several = (config?.projects?.length ?? 0) > 1
    // Workers are started later and inherit it.
    process.env[NOTES] = this.#file
    process.env[REPORTER] = '1'
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }))
  }

  /** Called by Jest before each run, in watch mode too. */
  onRunStart(): void {
    writeFileSync(this.#file, '')
    this.#files.length = 0
  }

  /** Called by Jest when a test file is over, in whichever worker. */
  onTestFileResult(test: Ran['test'], result: Ran['result']): void {
    this.#files.push({ test, result })
  }

  /** Called by Jest before its own summary. */
  onRunComplete(): void {
    const notes = notesOf(readFileSync(this.#file, 'utf8'))
    const [first, ...rest] = [...summary(totalsOf(notes)), ...this.#reach(notes)]
    if (first === undefined) return
    process.stderr.write(`\n${[`${pc.bold('cursorleak')}  ${first}`, ...rest].join('\n')}\n`)
  }

  #reach(notes: ReturnType<typeof notesOf>): string[] {
    if (process.env.CURSORLEAK === 'off') return []
    const reached = guard('looking for what was not checked', () => reachedBy(this.#files, notes, this.#several))
    return reachText(reached ?? [], isVerbose())
  }
}
