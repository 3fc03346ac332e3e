import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { accessSync, lstatSync, mkdirSync, NativeError, readdirSync, rmSync, statSync } from './native.ts'
import { codeOf } from './report/read-file.ts'
import { errorText, sayOnce } from './say.ts'

/** What a folder is for. Its name tells that, and whose it is. */
export type Purpose = 'baseline' | 'jest' | 'run' | 'vitest'
const NAME = /^cursorleak-(?:baseline|jest|run|vitest)-(\d+)-[\da-f-]{36}$/

/** Longer than a run: the process may be one of another container that has the same folder, and then its id tells nothing. */
const OLD_MS = 24 * 60 * 60_000

/**
 * A place for a folder in the system's temporary folder. It is made by {@link makeFolder}, once there is something to leave
 * in it: who dies of a signal that it does not listen to can't take it away. So what such processes have left goes here.
 * @throws an Error that says what is wrong with the temporary folder, and what to do
 */
export function newPlace(purpose: Purpose): string {
  const parent = tmpdir()
  const problem = problemOf(parent)
  if (problem !== undefined) {
    throw new NativeError(
      `the temporary folder ${parent} can't be used (${problem}): set TMPDIR to one that can be written`,
    )
  }
  sweep(parent)
  return path.join(parent, `cursorleak-${purpose}-${process.pid}-${randomUUID()}`)
}

/** A folder that a run can do without: where there is no place for it, that is said, with what is missing then. */
export function orWithout(make: () => string, missing: string): string | undefined {
  try {
    return make()
  } catch (error) {
    sayOnce(`${errorText(error).replace(/^Error: /, '')}; ${missing}`)
    return undefined
  }
}

/** Makes it, for this user alone, where it is not there yet. */
export const makeFolder = (folder: string): void => void mkdirSync(folder, { recursive: true, mode: 0o700 })

/** Takes away a folder with what is in it, or a file. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Left for a later process to sweep.
  }
}

function problemOf(parent: string): string | undefined {
  try {
    if (!statSync(parent).isDirectory()) return 'ENOTDIR'
    accessSync(parent, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

/** Takes away the folders of processes that are gone. */
function sweep(parent: string): void {
  for (const name of namesIn(parent)) {
    const [, pid] = NAME.exec(name) ?? []
    const folder = path.join(parent, name)
    if (pid !== undefined && isOld(folder) && isGone(Number(pid))) removeFolder(folder)
  }
}

export function namesIn(parent: string): string[] {
  try {
    return readdirSync(parent)
  } catch {
    // Not to be listed: whoever may do it will.
    return []
  }
}

/** Not by a link, which may lead anywhere. */
function isOld(folder: string): boolean {
  try {
    const found = lstatSync(folder)
    return found.isDirectory() && Date.now() - found.mtimeMs > OLD_MS
  } catch {
    // Another process has swept it.
    return false
  }
}

export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}
