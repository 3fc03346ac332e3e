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
  return shown.map(({ line }) => masked(line.replace(DATA_URL, '$1…')))
}

/** `for await (… of Model.find())`: mongoose's `[Symbol.asyncIterator]` calls its own `cursor()`, in a bundle too. */
const throughIterator = ([first, second]: Frame[]): boolean =>
  /\.<computed>$/.test(second?.site?.function ?? '') && first?.site?.file === second?.site?.file

/** The first frame outside every package, else the first frame. */
export function siteOf(frames: readonly string[]): Site | undefined {
  const sites = frames.map((line) => parseFrame(line).site).filter((site) => site !== undefined)
  return sites.find((site) => !/[\\/]node_modules[\\/]/.test(site.file)) ?? sites[0]
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

/** A place as one phrase: `oldestOverdue (src/orders.ts:14:6)`, or the path alone where the function has no name. */
export function siteText({ file, line, column, function: name }: Site): string {
  const place = `${printable(shortPath(file))}:${line}:${column}`
  return name === '<anonymous>' ? place : `${printable(name)} (${place})`
}
