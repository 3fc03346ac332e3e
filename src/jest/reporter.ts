import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pc from 'picocolors'
import { REPORTER } from '../report/collected.ts'
import { summary } from '../report/summary.ts'
import { NOTES, totalsOf } from './notes.ts'

/**
 * Prints at the end of a run what leaked by creation site, over all tests and workers, and what the checks cost. Needs the
 * setup file `cursorleak/jest`: `reporters: ['default', 'cursorleak/jest/reporter']`. It writes to stderr, like Jest's own.
 */
export default class CursorLeakReporter {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-jest-'))
  readonly #file = path.join(this.#folder, 'notes')

  constructor() {
    // Workers are started later and inherit it.
    process.env[NOTES] = this.#file
    process.env[REPORTER] = '1'
    process.once('exit', () => rmSync(this.#folder, { recursive: true, force: true }))
  }

  /** Called by Jest before each run, in watch mode too. */
  onRunStart(): void {
    writeFileSync(this.#file, '')
  }

  /** Called by Jest before its own summary. */
  onRunComplete(): void {
    const [first, ...rest] = summary(totalsOf(readFileSync(this.#file, 'utf8')))
    if (first === undefined) return
    process.stderr.write(`\n${[`${pc.bold('cursorleak')}  ${first}`, ...rest].join('\n')}\n`)
  }
}
