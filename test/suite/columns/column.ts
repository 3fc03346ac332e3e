import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RunnerName } from '../../../fixtures/suite/suite.ts'
import type { Run } from '../../support/run.ts'
import { type Ended, expected, type Verdicts } from '../../support/suite.ts'
import { verdicts } from '../../support/verdicts.ts'

/** One runner in one version: a column of the table in docs/runners.md. */
export interface Column {
  /** As in the table's head: `Jest 30`. */
  name: string
  runner: RunnerName
  /** Which column of the table this run belongs to, where several (transformers, modes) have to agree. */
  variant?: string
  /** Needs nothing that the root has not installed, and little time: also run by `npm test`. */
  quick?: boolean
  /** What it shows is shown by other columns, too, each value of each axis by one of them: only nightly. */
  nightly?: boolean
  run(uri: string): Promise<Verdicts>
}

/** Gives `work` a path for a report, and what was written there back, with what was printed. */
export async function withReport(work: (file: string) => Promise<Run>): Promise<Run & { report: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-suite-'))
  const file = path.join(folder, 'report.json')
  try {
    const ended = await work(file)
    try {
      return { ...ended, report: readFileSync(file, 'utf8') }
    } catch (error) {
      throw new Error(`the runner wrote no report:\n${ended.stdout}\n${ended.stderr}`, { cause: error })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs the suite's first part, and reads the report and the warnings. */
export async function read(
  work: (report: string) => Promise<Run>,
  parse = (text: string) => JSON.parse(text) as Ended[],
): Promise<Verdicts> {
  const { report, stderr } = await withReport(work)
  return verdicts(parse(report), stderr, expected('tests'))
}
