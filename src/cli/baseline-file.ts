import { accessSync, closeSync, constants, openSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BaselineSite, readBaselineFile } from '../report/baseline.ts'
import { codeOf } from '../report/read-file.ts'
import { isGone, namesIn, removeFolder } from '../temporary.ts'
import { UsageError } from './usage.ts'

/** A baseline file that is going to be written, checked before the suite runs. */
export interface Target {
  /** The sites it has now; of both sides where two branches were merged into it. */
  before: BaselineSite[]
  /** Puts the new text in its place at once: a run that is stopped leaves the old file or the new one. */
  write(text: string): void
  /** Takes away what was made for writing. */
  dispose(): void
}

/**
 * Looks at what is there and makes the file that will take its place, so that nothing is found out after the suite.
 * @throws a UsageError that says what is wrong with the file
 */
export function openTarget(given: string): Target {
  const file = resolved(given)
  const before = sitesOf(file, given)
  const temporary = `${file}.${process.pid}.tmp`
  sweep(file)
  try {
    closeSync(openSync(temporary, 'wx'))
  } catch (error) {
    throw unwritable(given, error)
  }
  const dispose = (): void => removeFolder(temporary)
  return {
    before,
    dispose,
    write(text) {
      try {
        writeFileSync(temporary, text)
        renameSync(temporary, file)
      } catch (error) {
        // A file that is mounted by itself can't be replaced, only filled.
        if (codeOf(error) !== 'EBUSY' && codeOf(error) !== 'EXDEV') throw error
        writeFileSync(file, text)
      }
    },
  }
}

/** Takes away what runs have left that were killed. */
function sweep(file: string): void {
  for (const name of namesIn(path.dirname(file))) {
    const pid = name.startsWith(`${path.basename(file)}.`) && /\.(\d+)\.tmp$/.exec(name)?.[1]
    if (pid && name === `${path.basename(file)}.${pid}.tmp` && isGone(Number(pid)))
      removeFolder(path.join(path.dirname(file), name))
  }
}

const unwritable = (given: string, error: unknown): UsageError =>
  new UsageError(`baseline: ${given} can't be written (${codeOf(error)}): give another file with --file`)

/** The file itself where a link points to it: the link stays. */
function resolved(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    // Not there yet: in its folder, if that is there.
    return path.resolve(file)
  }
}

function sitesOf(file: string, given: string): BaselineSite[] {
  const found = readBaselineFile(file)
  if (typeof found !== 'string') {
    try {
      accessSync(file, constants.W_OK)
    } catch (error) {
      throw unwritable(given, error)
    }
    return found.sites
  }
  // Nothing is lost with an empty one: somebody has made it for this.
  if (found === "can't be read (ENOENT)" || found === 'is empty') return []
  throw new UsageError(`baseline: ${given} ${found}: delete it, bring it back as it was, or give another with --file`)
}
