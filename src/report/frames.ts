import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { masked } from './credentials.ts'
import type { Site } from './leak.ts'
import { printable } from './printable.ts'

const HERE = path.dirname(fileURLToPath(import.meta.url))
/** The folder of our own code: `dist` as installed, `src` in our own tests. */
const OWN = HERE.replace(/(.*[\\/](?:dist|src))(?:[\\/].*)?$/, '$1') + path.sep

/** Packages whose frames only pass through: the driver and what sits on it, the runners, the loaders. */
const PASSING =
  /[\\/]node_modules[\\/](?:(?:mongodb|mongoose)\d*|mongodb-legacy|kareem|mquery|vitest|@vitest|vite|vite-node|expect|chai|jest(?:-[^\\/]+)?|@jest|mocha|tinypool|co|p-limit|yocto-queue|tsx|ts-node|cursorleak)[\\/]/

/** The whole text of a module that came as a URL, with the strings in it. */
const DATA_URL = /(data:[\w/+.-]*)[;,].*(?=:\d+:\d+\)?$)/

const NODE_INTERNAL = /^node:|^internal\//

interface Frame {
  line: string
  site: Site | undefined
  /** The file as the line has it: a path or a URL. */
  location?: string
}

/**
 * The frames of a creation stack that belong to the user, first the line that created the object.
 * @param insideDriver the object is always built by the driver's own code, so the first frame is not the user's even
 *   where its path does not tell (a copy of the driver inside a bundle)
 */
export function userFrames(stack: string | undefined, insideDriver: boolean): string[] {
  const frames = (stack ?? '')
    .split('\n')
    .filter((line) => /^\s*at /.test(line))
    .map(parseFrame)
  const rest = insideDriver && frames.length > 1 ? frames.slice(throughIterator(frames) ? 2 : 1) : frames
  const users = rest.filter(({ site }) => site && !NODE_INTERNAL.test(site.file) && !isPassing(site.file))
  const shown = users.length > 0 ? users : rest.filter(({ site }) => site && !NODE_INTERNAL.test(site.file))
  return withoutFramework(shown).map(({ line }) => masked(line.replace(DATA_URL, '$1…')))
}

/** A server's framework calls the user's code by a dozen frames of its own: what is below the user's last one goes. */
function withoutFramework(frames: Frame[]): Frame[] {
  const last = frames.findLastIndex(({ site }) => site && !isInPackage(site.file))
  return last < 0 ? frames : frames.slice(0, last + 1)
}

const isInPackage = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file)

/** The user's line from which the one that created it was called, where the stack shows another. */
export function callerOf(frames: readonly string[], createdAt: Site | undefined): Site | undefined {
  const sites = frames.map((line) => parseFrame(line).site).filter((site) => site && !isInPackage(site.file))
  const at = sites.findIndex((site) => site?.file === createdAt?.file && site?.line === createdAt?.line)
  const callers = sites.slice(at + 1)
  return at < 0 ? undefined : (callers.find((site) => site?.file !== createdAt?.file) ?? callers[0])
}

/** `for await (… of Model.find())`: mongoose's `[Symbol.asyncIterator]` calls its own `cursor()`, in a bundle too. */
const throughIterator = ([first, second]: Frame[]): boolean =>
  /\.<computed>$/.test(second?.site?.function ?? '') && first?.site?.file === second?.site?.file

/** The first frame outside every package, else the first frame. */
export function siteOf(frames: readonly string[]): Site | undefined {
  const sites = frames.map((line) => parseFrame(line).site).filter((site) => site !== undefined)
  return sites.find((site) => !isInPackage(site.file)) ?? sites[0]
}

/**
 * Whether a frame is that of a generator's body: V8 shows the call of its `next()` below, under the generator's name. One
 * without a name may be what a compiler made of an async function, and nobody can end that.
 */
export function isInGenerator(stack: string | undefined, frame: string | undefined): boolean {
  const lines = (stack ?? '').split('\n')
  const below = frame === undefined ? undefined : lines[lines.indexOf(frame) + 1]
  return below !== undefined && /^\s+at (?!Generator\.).*\.next \(<anonymous>\)$/.test(below)
}

/** Whether a file belongs to the driver, a runner or to us. */
export const isPassing = (file: string): boolean => PASSING.test(file) || file.startsWith(OWN)

/** Reads one line of a stack; `site` is undefined for a line without a place. */
export function parseFrame(line: string): Frame {
  const text = line.trim().replace(/^at (?:async )?/, '')
  const match = /^(?:(.*) \()?((?:file:\/\/)?[^()]*?):(\d+):(\d+)\)?$/.exec(text)
  const [, name, location, row, column] = match ?? []
  if (location === undefined) return { line, site: undefined }
  const file = location.startsWith('file:') ? fromUrl(location) : location
  return { line, location, site: { file, line: Number(row), column: Number(column), function: name ?? '<anonymous>' } }
}

function fromUrl(location: string): string {
  try {
    return fileURLToPath(location.replace(/\?.*$/, ''))
  } catch {
    // A file URL of another platform or host: shown as it came.
    return location
  }
}

/** A path as a user reads it: relative to where the run was started, if it is below that. */
export function shortPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** A frame with its path as a person reads it. */
export function shortFrame(frame: string): string {
  const { site, location } = parseFrame(frame)
  const text = site && location ? frame.replace(location, () => shortPath(site.file)) : frame
  // Its indent stays: a line that begins with what stands in a name may be a CI's command.
  return `    ${printable(text.trim())}`
}

/** A place as one phrase: `oldestOverdue (src/orders.ts:14:6)`, or the path alone where the function has no name. */
export function siteText({ file, line, column, function: name }: Site): string {
  const place = `${printable(shortPath(file))}:${line}:${column}`
  return name === '<anonymous>' ? place : `${printable(name)} (${place})`
}
