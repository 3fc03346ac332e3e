import { readFileSync } from 'node:fs'
import { parseFrame } from './frames.ts'
import { printable } from './printable.ts'

/** Longer lines are minified code: of no use to a reader. */
const MAX_LENGTH = 200

/** The line of source that a frame names, trimmed; undefined where the file can't be read or is a package's. */
export function sourceLine(frame: string): string | undefined {
  const { site } = parseFrame(frame)
  if (!site || /[\\/]node_modules[\\/]/.test(site.file)) return undefined
  const text = read(site.file)?.split(/\r?\n/)[site.line - 1]?.trim()
  return text && text.length <= MAX_LENGTH ? printable(text) : undefined
}

/** Read anew for each report: a running app may have been rebuilt, and text held for good is memory held for good. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Not on this machine (a bundle's sources): the frame alone is shown.
    return undefined
  }
}
