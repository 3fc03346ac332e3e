import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { masked } from './credentials.ts'
import type { Site } from './leak.ts'
import { printable } from './printable.ts'
import { type Frame, frameLines, parseFrame, withPlace } from './stack-frame.ts'
import { isInternal, packagesOf, shortPath } from './stack-location.ts'

/**
 * The folder of our own code: `dist` as installed, `src` in our own tests. Undefined in a bundle, where our file is the
 * application's.
 */
const OWN = ownFolder()

function ownFolder(): string | undefined {
  // A bundle in the other format leaves no URL.
  const url: string | undefined = import.meta.url
  if (!url?.startsWith('file:')) return undefined
  const [, folder] =
    /^(.*[\\/](?:dist|src)[\\/])(?:mocha\.js-and-jest[\\/].*|report[\\/]frames\.ts)$/.exec(fileURLToPath(url)) ?? []
  return folder && path.normalize(folder)
}

/** Packages whose frames only pass through: the driver and what sits on it, the runners, the loaders and compilers. */
const PASSING =
  /^(?:(?:mongodb|mongoose)\d*|mongodb-legacy|kareem|mquery|vitest|@vitest\/.*|\.?vite|vite-node|expect|chai|jest(?:-.*)?|@jest\/.*|mocha|tinypool|co|p-limit|yocto-queue|tsx|ts-node|tslib|@swc\/helpers|@babel\/runtime|regenerator-runtime|cursorleak)$/

/**
 * The frames of a creation stack that belong to the user, first the line that created the object.
 * @param insideDriver the object is always built by the driver's own code, so the first frame is not the user's even
 *   where its path does not tell (a copy of the driver inside a bundle)
 */
export function userFrames(stack: string | undefined, insideDriver: boolean): string[] {
  const frames = frameLines(stack).map(parseFrame)
  const rest = insideDriver && frames.length > 1 ? frames.slice(throughIterator(frames) ? 2 : 1) : frames
  const shown = rest.filter(({ site }) => site && !isInternal(site.file))
  const users = shown.filter(({ site }) => site && !isPassing(site.file))
  return withoutFramework(users.length > 0 ? users : shown).map((frame) => masked(withoutData(frame)))
}

/** A module that came as a URL has its whole text in each of its frames. */
const withoutData = (frame: Frame): string =>
  frame.location?.startsWith('data:') && frame.site
    ? withPlace(frame, `${frame.site.file}:${frame.site.line}:${frame.site.column}`)
    : frame.line

/** A server's framework calls the user's code by a dozen frames of its own: what is below the user's last one goes. */
function withoutFramework(frames: Frame[]): Frame[] {
  const last = frames.findLastIndex(({ site }) => site && !isInPackage(site.file))
  return last < 0 ? frames : frames.slice(0, last + 1)
}

export const isInPackage = (file: string): boolean => packagesOf(file).length > 0

/** The package whose own code created it, with the place in there: its user can't change that line. */
export function libraryOf(stack: string): { name: string; site: Site } | undefined {
  const [first = ''] = frameLines(stack)
  const { site } = parseFrame(first)
  const name = site && !isPassing(site.file) ? packagesOf(site.file).at(-1) : undefined
  return site && name !== undefined ? { name, site } : undefined
}

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
export const isPassing = (file: string): boolean =>
  packagesOf(file).some((name) => PASSING.test(name)) || (OWN !== undefined && file.startsWith(OWN))

/** A frame with its path as a person reads it. */
export function shortFrame(line: string): string {
  const frame = parseFrame(line)
  const { site } = frame
  const text = site ? withPlace(frame, `${shortPath(site.file)}:${site.line}:${site.column}`) : line
  // Its indent stays: a line that begins with what stands in a name may be a CI's command.
  return `    ${printable(text.trim())}`
}

/** A place as one phrase: `oldestOverdue (src/orders.ts:14:6)`, or the path alone where the function has no name. */
export function siteText({ file, line, column, function: name }: Site): string {
  const place = `${printable(shortPath(file))}:${line}:${column}`
  return name === '<anonymous>' ? place : `${printable(name)} (${place})`
}
