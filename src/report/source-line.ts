import { isInPackage } from './frames.ts'
import type { Site } from './leak.ts'
import { maskedLines } from './masked-lines.ts'
import { printable } from './printable.ts'
import { shownLines } from './source-file.ts'
import { parseFrame } from './stack-frame.ts'

/** Longer lines are minified code: of no use to a reader. */
const MAX_LENGTH = 200

/**
 * The line of source that a frame names, trimmed; undefined where the file can't be read or is a package's.
 */
export function sourceLine(frame: string): string | undefined {
  const { site } = parseFrame(frame)
  return site && lineOf(site)
}

/** The same of a place. */
export function lineOf(site: Pick<Site, 'file' | 'line'>): string | undefined {
  if (isInPackage(site.file)) return undefined
  const source = shownLines(site.file)
  const text = source?.[site.line - 1]?.trim()
  if (source === undefined || !text || text.length > MAX_LENGTH) return undefined
  return printable(maskedLines(source, site.line - 1, site.line - 1)[0]?.trim())
}
