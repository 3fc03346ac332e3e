import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { errorText } from '../../say.ts'
import { lacksPnp } from '../pnp.ts'
import { installed, isWithin } from '../project.ts'
import { RUNNERS } from '../supported.ts'
import { NoAnswer } from './ask.ts'
import { manifestOf } from './commands.ts'
import { judgeJest } from './jest.ts'
import { judgeMocha } from './mocha.ts'
import { judgeNodeTest } from './node-test.ts'
import { offBy } from './off.ts'
import { type Configured, type Run, runsOf } from './runs.ts'
import { judgeVitest } from './vitest.ts'

/** What of one project of a runner is known. */
export interface Judged {
  /** Its name, where there are several. */
  project?: string | undefined
  /** Where its files are. */
  roots: string[]
  /** The entry of ours that checks it. */
  by?: string
  /** Why nothing is checked, and was not meant to be. */
  off?: string
  /** What is missing. */
  why?: string
  /** The command that can't be followed. */
  unclear?: string
}

export interface SetupFinding {
  /** What is known of a run by now; not said of one that is wrong. */
  is?: 'checked' | 'unchecked' | 'unknown'
  mark: 'ok' | 'wrong' | ''
  text: string
}

const JUDGES: Record<Configured, (run: Run) => Promise<Judged[]>> = {
  vitest: judgeVitest,
  jest: judgeJest,
  mocha: judgeMocha,
}

/** Whether each way in which the project runs its tests is checked, as its runners resolve it. */
export async function* setUp(folder: string): AsyncGenerator<SetupFinding> {
  if (lacksPnp(folder)) {
    yield {
      mark: 'wrong',
      text: "the packages are in Yarn's Plug'n'Play, so no runner can be asked: start it by `yarn cursorleak doctor`",
    }
    return
  }
  const manifest = manifestOf(folder)
  let known = 0
  const runs = Object.keys(JUDGES).flatMap((runner) =>
    runsOf(runner as Configured, folder, manifest).map((run) => ({ runner: runner as Configured, run })),
  )
  // No file tells: the runner that the project installs is run as it is.
  if (runs.length === 0 && judgeNodeTest(folder, manifest).length === 0) {
    for (const runner of Object.keys(JUDGES) as Configured[]) {
      if (manifest.depends.includes(runner)) runs.push({ runner, run: { name: runner, args: [], folder, env: {} } })
    }
  }
  for (const { runner, run } of runs) {
    known++
    yield* judged(run.name, () => judge(runner, run))
  }
  for (const { name, judged: one } of judgeNodeTest(folder, manifest)) {
    known++
    yield said(name, one)
  }
  for (const [script, text] of Object.entries(manifest.scripts)) {
    if (!/\bcursorleak\/register\b|\bcursorleak run\b/.test(text)) continue
    known++
    yield { is: 'checked', mark: 'ok', text: `script ${script}: traced as a running app` }
  }
  if (known === 0) yield { mark: 'wrong', text: NOTHING }
}

/** What can be told without the runner is. */
async function judge(runner: Configured, run: Run): Promise<Judged[]> {
  const { folder, env, unclear } = run
  const roots = [folder]
  if (unclear) return [{ roots, unclear }]
  const off = offBy(env)
  if (off) return [{ roots, off }]
  const range = RUNNERS[runner]
  const version = installed(runner, folder)
  if (version && range && !isWithin(version, range)) {
    return [{ roots, why: `${runner} ${version} is not supported, ${range.join(' to ')} are` }]
  }
  return JUDGES[runner](run)
}

const NOTHING =
  'cursorleak is not set up: no test runner was found in the scripts, the dependencies and the configurations of this folder; in a workspace ask in the package that has them'

async function* judged(name: string, ask: () => Promise<Judged[]>): AsyncGenerator<SetupFinding> {
  try {
    const found = await ask()
    for (const one of found.sort(byName)) yield said(name, one)
  } catch (error) {
    const reason = error instanceof NoAnswer ? error.message : errorText(error)
    yield {
      mark: 'wrong',
      text: `${name}: it could not be asked what it loads, so whether it is checked is not known: ${reason}`,
    }
  }
}

const byName = ({ project: a = '' }: Judged, { project: b = '' }: Judged): number => (a < b ? -1 : 1)

function said(name: string, { project, by, off, why = '', unclear, roots }: Judged): SetupFinding {
  const who = project === undefined ? name : `${name}, project ${project}`
  if (by) return { is: 'checked', mark: 'ok', text: `${who}: checked by ${by}` }
  if (unclear)
    return { is: 'unknown', mark: '', text: `${who}: not known: look at what \`${unclear}\` runs, and ask there` }
  if (off) return { is: 'unchecked', mark: '', text: `${who}: not checked: ${off}` }
  if (project !== undefined && !roots.some((root) => usesDriver(root))) {
    return { is: 'unchecked', mark: '', text: `${who}: not checked; no file of it names mongodb or mongoose` }
  }
  return { mark: 'wrong', text: `${who}: not checked: ${why}` }
}

const MAX_FILES = 5_000

/** Whether a file below a folder names the driver; yes where there are too many to look at. */
function usesDriver(root: string): boolean {
  const folders = [root]
  let files = 0
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!/^(node_modules|\.)/.test(entry.name)) folders.push(file)
      } else if (/\.[cm]?[jt]sx?$/.test(entry.name)) {
        if (++files > MAX_FILES || /\b(mongodb|mongoose)\b/.test(readFileSync(file, 'utf8'))) return true
      }
    }
  }
  return false
}
