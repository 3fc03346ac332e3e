import type { Site } from './leak.ts'
import { maskedLines } from './masked-lines.ts'
import { printableLines } from './printable.ts'
import { shownLines } from './source-file.ts'

const AROUND = 2
const WIDTH = 110

/**
 * The lines around a place, with a mark under its column, as runners print them. For a message that names several
 * places: a runner prints the code of one. Empty where the file can't be read.
 */
export function codeFrame({ file, line, column }: Site): string[] {
  const source = shownLines(file)
  const text = source?.[line - 1]
  if (source === undefined || text === undefined) return []
  const first = Math.max(1, line - AROUND)
  const last = Math.min(source.length, line + AROUND)
  const width = String(last).length
  return maskedLines(source, first - 1, last - 1).flatMap((code, index) => {
    const number = first + index
    const row =
      `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${cut(printableLines(code))}`.trimEnd()
    // As it is shown: what is masked or escaped has another width.
    const before = printableLines(maskedBefore(source, line - 1, column - 1))
    const mark = `  ${' '.repeat(width)} | ${before.replace(/[^\t]/g, ' ')}^`
    return number === line && before.length < WIDTH ? [row, mark] : [row]
  })
}

/** A line up to a column. */
function maskedBefore(source: readonly string[], line: number, column: number): string {
  const text = source[line] ?? ''
  const before = text.slice(0, column)
  // Nothing of it is masked: most lines.
  if (maskedLines(source, line, line)[0]?.startsWith(before)) return before
  return maskedLines([...source.slice(0, line), before], line, line)[0] ?? ''
}

const cut = (code: string): string => (code.length > WIDTH ? `${code.slice(0, WIDTH - 1)}…` : code)
