import { readFile, UnreadableError } from './read-file.ts'

/** A bundle; the reader sees a few lines of it. */
const MAX_BYTES = 8 * 2 ** 20
/** What Node and the compilers in front of it run. */
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?|coffee|civet|imba|res|re|ml|fs|elm|purs|cljs|wasm)$/i
/** On Windows the name of another machine, which would be asked. */
const OTHER_MACHINE = /^[\\/]{2}/

/**
 * The lines of a file that a stack names; undefined where there is nothing to show. A source map or a `sourceURL` may name
 * any file: what no frame could have come from (a key, a list of users) is not read, nor is a pipe, nor what is too big.
 */
export function sourceLines(file: string): string[] | undefined {
  if (OTHER_MACHINE.test(file)) return undefined
  try {
    const text = readFile(file, MAX_BYTES)
    // A program may have no extension, and says then what runs it.
    return CODE.test(file) || /^#!.*\bnode\b/.test(text) ? text.split(/\r?\n/) : undefined
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    // A place inside a bundle or an archive, or of another machine: the frame alone is shown.
    return undefined
  }
}
