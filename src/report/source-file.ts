import { later } from '../clock.ts'
import { statSync } from '../native.ts'
import { isOwnCode, realOf } from './own-code.ts'
import { readFile, UnreadableError } from './read-file.ts'

/** A bundle; the reader sees a few lines of it. */
const MAX_BYTES = 8 * 2 ** 20
/** What Node and the compilers in front of it run. */
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?|coffee|civet|imba|res|re|ml|fs|elm|purs|cljs|wasm)$/i
/** On Windows the name of another machine, which would be asked. */
const OTHER_MACHINE = /^[\\/]{2}/

/**
 * The lines of a file that a stack names; undefined where there is nothing to read. A source map or a `sourceURL` may name
 * any file: what no frame could have come from (a key, a list of users) is not read, nor is a pipe, nor what is too big.
 */
export function sourceLines(file: string): string[] | undefined {
  const real = hereOf(file)
  return real === undefined ? undefined : linesOf(real)
}

/** Its real path; undefined for what is not on this machine. */
const hereOf = (file: string): string | undefined => (OTHER_MACHINE.test(file) ? undefined : realOf(file))

function linesOf(real: string): string[] | undefined {
  try {
    const text = readFile(real, MAX_BYTES)
    // A program may have no extension, and says then what runs it. A link may have any.
    return CODE.test(real) || /^#!.*\bnode\b/.test(text) ? text.split(/\r?\n/) : undefined
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    // A place inside a bundle or an archive, or of another machine: the frame alone is shown.
    return undefined
  }
}

interface Shown {
  /** By which it is known that the file is the same still. */
  version: string
  lines: readonly string[] | undefined
}
/** What is shown within one turn of the event loop, as a report is made: it names a file many times. */
const shown = new Map<string, Shown>()

/**
 * The same, to be shown to a reader: of code that is ours only. Not kept behind a report: a running app may be rebuilt, and
 * text held for good is memory held for good.
 */
export function shownLines(file: string): readonly string[] | undefined {
  const real = hereOf(file)
  if (real === undefined || !isOwnCode(real)) return undefined
  const version = versionOf(real)
  const before = shown.get(real)
  if (before && before.version === version) return before.lines
  if (shown.size === 0) later(0, () => shown.clear())
  const lines = linesOf(real)
  shown.set(real, { version, lines })
  return lines
}

function versionOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file)
    return [mtimeMs, size, ino].join()
  } catch {
    // Gone meanwhile: reading it says so.
    return ''
  }
}
