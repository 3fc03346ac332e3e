import path from 'node:path'
import { whyTooCostly } from './map-cost.ts'
import { readFile, UnreadableError } from './read-file.ts'

/** Decoding takes about a second for each MB of mappings, in which nothing else of the process runs; most of a map are sources. */
const MAX_BYTES = 8 * 2 ** 20
/** A bundle with its map inside is as big as both. */
const MAX_COMPILED_BYTES = 16 * 2 ** 20

const NAMES_MAP = /[#@]\s*sourceMappingURL=([^\s'"]+)/g

/**
 * Whether a compiled file names a map, and why that is not to be read: it, or what it names, is a pipe, a folder, too big
 * or made so that it takes for ever.
 */
export function lookForMap(compiled: string): { isNamed: boolean; problem?: string | undefined } {
  const found = attempt(compiled, MAX_COMPILED_BYTES)
  if (found.problem !== undefined) return { isNamed: false, problem: found.problem }
  const names = [...(found.text ?? '').matchAll(NAMES_MAP)].map(([, name = '']) => name)
  for (const name of new Set(names)) {
    const problem = name.startsWith('data:') ? inside(name) : besides(compiled, name)
    if (problem !== undefined) return { isNamed: true, problem }
  }
  return { isNamed: names.length > 0 }
}

/** A map in the compiled file itself. */
function inside(url: string): string | undefined {
  if (url.length > MAX_BYTES) return `is larger than ${MAX_BYTES / 2 ** 20} MB`
  return whyTooCostly(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64').toString())
}

function besides(compiled: string, name: string): string | undefined {
  for (const file of mapsOf(compiled, name)) {
    const { text, problem } = attempt(file, MAX_BYTES)
    const found = problem ?? (text === undefined ? undefined : whyTooCostly(text))
    if (found !== undefined) return found
  }
  return undefined
}

/** As a line comment and as a block comment name it. */
const mapsOf = (compiled: string, name: string): string[] =>
  [...new Set([name, name.replace(/\*.*$/, '')])].map((one) => path.resolve(path.dirname(compiled), one))

/** What is not there, or not to be opened, has no map: no problem. */
function attempt(file: string, maxBytes: number): { text?: string; problem?: string } {
  try {
    return { text: readFile(file, maxBytes) }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    return error.message.startsWith("can't be read") ? {} : { problem: error.message }
  }
}
