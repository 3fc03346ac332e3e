import { AssertionError } from 'node:assert'
import { NativeError } from '../native.ts'
import { functionOf, isFrame, parseFrame, withName } from '../report/stack-frame.ts'

type Formatter = (error: Error, sites: NodeJS.CallSite[]) => unknown

/**
 * `Error` of the main context. Where a vm context's own `Error` has no formatter (Jest, Vitest's vm pools), Node calls
 * that of the main one, which no name leads to from here: the parent of a class that Node itself has made does.
 */
const MAIN = Object.getPrototypeOf(AssertionError) as ErrorConstructor

/**
 * Reads a stack for the first time, which formats it. Whoever maps stacks (Jest, ts-node, Node itself) takes the name of a
 * frame's function from the source map, at the place of the call above it: under Babel and SWC each function that calls
 * `find` is named `find`. The engine knows the real names, and tells them to `Error.prepareStackTrace` alone: so it is
 * called through a function of ours during this one reading.
 * @param read may call the user's own `Error.prepareStackTrace`, and throws what that throws
 */
export function withOwnNames(read: () => unknown): unknown {
  const owner = [NativeError, MAIN].find((one) => typeof formatterOf(one) === 'function')
  const format = owner && formatterOf(owner)
  if (!owner || !format) return read()
  let names: Array<string | undefined> = []
  const listen = (error: Error, sites: NodeJS.CallSite[]): unknown => {
    names = sites.map(nameOf)
    return format.call(owner, error, sites)
  }
  owner.prepareStackTrace = listen
  try {
    const stack = read()
    return typeof stack === 'string' && names.length > 0 ? renamed(stack, names) : stack
  } finally {
    if (owner.prepareStackTrace === listen) owner.prepareStackTrace = format
  }
}

/** `prepareStackTrace` where it can be replaced for a moment. */
function formatterOf(owner: ErrorConstructor): Formatter | undefined {
  const { value, writable } = Object.getOwnPropertyDescriptor(owner, 'prepareStackTrace') ?? {}
  return typeof value === 'function' && writable ? value : undefined
}

/** The name as V8 itself prints it; undefined where it can't be asked for. */
function nameOf(site: NodeJS.CallSite): string | undefined {
  try {
    const name = site.getFunctionName()
    if (site.isConstructor()) return `new ${name ?? '<anonymous>'}`
    if (site.isToplevel()) return name ?? ''
    const type = site.getTypeName()
    if (name) return type && !name.startsWith(type) ? `${type}.${name}` : name
    return `${type ?? '<anonymous>'}.${site.getMethodName() ?? '<anonymous>'}`
  } catch {
    // Not a call site of this engine: the name in the text is all there is.
    return undefined
  }
}

/** One line a call site; a formatter that leaves some out has names of its own. */
function renamed(stack: string, names: ReadonlyArray<string | undefined>): string {
  const lines = stack.split('\n')
  const frames = lines.flatMap((line, i) => (isFrame(line) ? [i] : []))
  if (frames.length !== names.length) return stack
  for (const [nth, i] of frames.entries()) {
    const frame = parseFrame(lines[i] ?? '')
    const name = names[nth]
    if (!frame.site || name === undefined || functionOf(name) === frame.site.function) continue
    lines[i] = withName(frame, name)
  }
  return lines.join('\n')
}
