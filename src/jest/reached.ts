import { realpathSync } from '../native.ts'
import type { Reached } from '../report/reach.ts'
import { shortPath } from '../report/stack-location.ts'
import type { FileNotes } from './notes.ts'
import { type Context, driverFinder } from './uses-driver.ts'

/** What of a test file's result is used. */
export interface Ran {
  test: {
    path: string
    context: Context & { config: { id?: string; rootDir?: string; displayName?: { name?: string } } }
  }
  /** A file of which no test ran has nothing to check, and says itself what it failed with. */
  result: { numPassingTests?: number; numFailingTests?: number }
}

const IN_ITS_OWN = '`cursorleak/jest` is not in its `setupFilesAfterEnv`'
const NOT_OF_ROOT = `${IN_ITS_OWN}; Jest hands none of the root down to a project`
const NO_END = '`cursorleak/jest` was not there at its end'

/**
 * What of each project the run has checked: a checked file has left a note. A file can be in two projects, and is then
 * noted once for each that checks it.
 * @param several whether the run has projects
 */
export function reachedBy(files: readonly Ran[], notes: readonly FileNotes[], several: boolean): Reached[] {
  const byConfig = new Map<object, Reached & { uses(test: string): boolean }>()
  const left = new Map<string, FileNotes[]>()
  for (const note of notes) left.set(note.file ?? '', [...(left.get(note.file ?? '') ?? []), note])
  // Those whose project lists the setup file take the notes first.
  const ordered = [...files].sort((a, b) => Number(lists(b)) - Number(lists(a)))
  for (const ran of ordered) {
    const { path, context } = ran.test
    const { config } = context
    const reached = byConfig.get(config) ?? {
      name: several ? config.displayName?.name || shortPath(config.rootDir ?? '') : '',
      checked: 0,
      missed: [],
      blinded: [],
      spared: [],
      remedy: lists(ran) ? NO_END : several ? NOT_OF_ROOT : IN_ITS_OWN,
      uses: driverFinder(context),
    }
    byConfig.set(config, reached)
    const note = left.get(path)?.shift()
    if (note?.off) reached.off = '`enabled: false`'
    else if (note?.blind) reached.blinded.push(path)
    else if (note) reached.checked++
    else if (hasRun(ran)) (reached.uses(path) ? reached.missed : reached.spared)?.push(path)
  }
  const found = [...byConfig.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { missed, blinded, spared } of found) for (const list of [missed, blinded, spared]) list?.sort()
  return found
}

const hasRun = ({ result }: Ran): boolean => (result.numPassingTests ?? 0) + (result.numFailingTests ?? 0) > 0

/** Whether a project has our setup file in its list. One that imports it shows by its notes. */
const lists = ({ test }: Ran): boolean => (test.context.config.setupFilesAfterEnv ?? []).some(isSetup)

function isSetup(file: string): boolean {
  try {
    return /[\\/]cursorleak[\\/]dist[\\/]jest[\\/]build[\\/]index\.[cm]js$/.test(realpathSync(file))
  } catch {
    // No such file: Jest says so.
    return false
  }
}
