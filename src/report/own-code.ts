import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isThere, realpathSync } from '../native.ts'
import { requireHere } from '../require.ts'
import { readFile, UnreadableError } from './read-file.ts'
import { workingFolder } from './stack-location.ts'

const MAX_PACKAGE = 2 ** 20
/** A test may go into a folder of its own, and remove it. */
const STARTED_IN = workingFolder()

/**
 * Whether a file is code of the program that runs: it has been loaded by `require`, or it lies in a project of ours. A
 * source map and a `sourceURL` name whatever they like, and Node tells of no module whether it was loaded by `import`.
 * @param file its real path
 */
export function isOwnCode(file: string): boolean {
  return ourFolders().some((folder) => isIn(folder, file)) || requireHere().cache?.[file] !== undefined
}

/** The projects of the working folder, of the program that was started, and the one that has us installed. */
function ourFolders(): string[] {
  const own: string | undefined = import.meta.url
  const places = [STARTED_IN, workingFolder(), folderOf(process.argv[1]), folderOf(own && fileOfUrl(own))]
  return places.flatMap((place) => (place === undefined ? [] : projectOf(place)))
}

const fileOfUrl = (url: string): string | undefined => (url.startsWith('file:') ? fileURLToPath(url) : undefined)
/** A command is a link into the package that has it. */
const folderOf = (file: string | undefined): string | undefined =>
  file && path.dirname(realOf(file) ?? path.resolve(file))

function isIn(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..'
}

const known = new Map<string, string[]>()

/**
 * The repository or workspace that a folder lies in, else the package, else the folder alone. Of what is installed, it is the
 * one that has it. The root of the file system is no project, unless it is a package.
 */
function projectOf(place: string): string[] {
  let found = known.get(place)
  if (!found) {
    found = lookUp(place)
    known.set(place, found)
  }
  return found
}

function lookUp(place: string): string[] {
  const real = realOf(place)
  if (real === undefined) return []
  const [, owner] = /^(.*?)[\\/]node_modules(?:[\\/]|$)/.exec(`${real}${path.sep}`) ?? []
  const above = foldersFrom(owner || real)
  const project = above.find(isRepository) ?? above.find(isPackage)
  if (project !== undefined) return [project]
  return owner !== undefined || real === path.parse(real).root ? [] : [real]
}

function foldersFrom(folder: string): string[] {
  const above = [folder]
  for (let at = folder; path.dirname(at) !== at; ) {
    at = path.dirname(at)
    above.push(at)
  }
  return above
}

const isPackage = (folder: string): boolean => isThere(path.join(folder, 'package.json'))

function isRepository(folder: string): boolean {
  if (['.git', 'pnpm-workspace.yaml'].some((name) => isThere(path.join(folder, name)))) return true
  try {
    return isPackage(folder) && /"workspaces"\s*:/.test(readFile(path.join(folder, 'package.json'), MAX_PACKAGE))
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    // No package.json as npm writes it.
    return false
  }
}

/** Undefined for what is not there, or not to be seen. */
export function realOf(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    // A place in a bundle or an archive, or a folder that is gone.
    return undefined
  }
}
