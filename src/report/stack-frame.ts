import type { Site } from './leak.ts'
import { fileOf, isNowhere } from './stack-location.ts'

/** One line of a stack, as V8, Bun and those who map stacks write it. */
export interface Frame {
  line: string
  /** Undefined for a line without a place of the user's: `at async Promise.all (index 0)`, `at Array.map (<anonymous>)`. */
  site: Site | undefined
  /** The place as the line has it, without line and column: a path or a URL. */
  location?: string
  /** Where `location` begins in the line. */
  index?: number
  /** The function as the line has it; undefined for one without a name. */
  name?: string
}

/** How a place begins that stands in parentheses behind a name. A name may hold a parenthesis, and so may a path. */
const PLACE = / \((?=[\\/]|[a-z][\w+.-]*:|<anonymous>|\[|eval at |evalmachine\.|REPL|native|index )/gi
const HEAD = /^\s*(?:at )?(?:async )?/
const POSITION = /:(\d+):(\d+)$/

/** The lines of a stack that are frames. */
export const frameLines = (stack: string | undefined): string[] => (stack ?? '').split('\n').filter(isFrame)
export const isFrame = (line: string): boolean => /^\s*at \S/.test(line)

/** Reads one line of a stack. */
export function parseFrame(line: string): Frame {
  const [head = ''] = HEAD.exec(line) ?? []
  const { name, place, index } = split(line.slice(head.length).trimEnd())
  const from = head.length + index
  if (place.startsWith('eval at ')) return ofEval(line, name, place, from)
  const [position, row, column] = POSITION.exec(place) ?? []
  if (position === undefined) return { line, site: undefined }
  const location = place.slice(0, -position.length)
  const site = { file: fileOf(location), line: Number(row), column: Number(column), function: functionOf(name) }
  return { line, site: isNowhere(location) ? undefined : site, location, index: from, ...(name ? { name } : {}) }
}

/** `name (place)`, or the place alone. */
function split(text: string): { name?: string; place: string; index: number } {
  if (!text.endsWith(')')) return { place: text, index: 0 }
  PLACE.lastIndex = 0
  const at = PLACE.exec(text)?.index ?? balanced(text)
  if (at < 0) return { place: text, index: 0 }
  return { name: text.slice(0, at), place: text.slice(at + 2, -1), index: at + 2 }
}

/** A relative path, as some tools write it: the parenthesis that the last one closes. */
function balanced(text: string): number {
  let open = 0
  for (let i = text.length - 1; i > 0; i--) {
    if (text[i] === ')') open++
    if (text[i] === '(' && --open === 0) return text[i - 1] === ' ' ? i - 1 : -1
  }
  return -1
}

/** `eval at build (/app/x.js:1:2), <anonymous>:3:4`: code without a name of its own, told by where it is made. */
function ofEval(line: string, name: string | undefined, place: string, from: number): Frame {
  const [, origin] = /^eval at (.*), [^,]*:\d+:\d+$/.exec(place) ?? []
  if (origin === undefined) return { line, site: undefined }
  const { site, location, index = 0, name: maker } = parseFrame(origin)
  if (!site || location === undefined) return { line, site: undefined }
  const own = name === undefined || name === 'eval' ? maker : name
  const at = from + 'eval at '.length + index
  return { line, site: { ...site, function: functionOf(own) }, location, index: at, ...(own ? { name: own } : {}) }
}

/** The line with another name of its function; an empty one for a function without. */
export function withName({ line }: Frame, name: string): string {
  const [head = ''] = HEAD.exec(line) ?? []
  const { place } = split(line.slice(head.length).trimEnd())
  return name === '' ? `${head}${place}` : `${head}${name} (${place})`
}

/** The line with another place. */
export function withPlace({ line, site, location, index = 0 }: Frame, place: string): string {
  if (!site || location === undefined) return line
  const before = `${location}:${site.line}:${site.column}`
  return line.slice(0, index) + place + line.slice(index + before.length)
}

/** What is no type of the user's: modules as objects, and what runners call functions on. */
const RECEIVER =
  /^(?:(?:.+\.)?exports\.|(?:Object|Module|Function|global(?:This)?|undefined|null|_?_?vi(?:te)?_[\w$]+|\[object [^\]]*\])\.)/
/** The body of a function that a compiler made a state machine of. */
const COMPILED = /^_callee\d*\$?$/

/**
 * A function's name as its user has written it: without the receiver where that is a module, which differs by how it was
 * imported, and without the property under which it was called.
 */
export function functionOf(name: string | undefined): string {
  const plain = (name ?? '').replace(/ \[as [^\]]*\]$/, '').replace(/^async /, '')
  if (/(?:^|\.)<anonymous>$/.test(plain)) return '<anonymous>'
  const own = plain.replace(RECEIVER, '')
  if (own === '' || COMPILED.test(own)) return '<anonymous>'
  // A default export without a name, as compilers call it.
  return /^_?default(?:_1)?$/.test(own) ? 'default' : own
}
