import { masked, shortened } from './credentials.ts'

/** So much of the source in front of a line is read to know what the line is a part of. */
const BEFORE = 64 * 2 ** 10
const BEHIND = 20
/** Lines that are read together: a report shows many of one file, and reading takes a hundredth of a second. */
const TOGETHER = 100

/** By the lines of a file, which are the same for the time of one report. */
const known = new WeakMap<readonly string[], Map<number, string[]>>()

/**
 * Lines of source without what is secret in them: a literal, or what puts a password together, may begin some lines before
 * and end some lines behind.
 * @param source not changed while anybody holds it
 * @param first counts from 0
 * @param last is the last one
 */
export function maskedLines(source: readonly string[], first: number, last: number): string[] {
  const lines: string[] = []
  for (let line = first; line <= last; line++) {
    const part = Math.floor(line / TOGETHER)
    lines.push(partOf(source, part)[line - part * TOGETHER] ?? '')
  }
  return lines
}

function partOf(source: readonly string[], part: number): string[] {
  const parts = known.get(source) ?? new Map<number, string[]>()
  known.set(source, parts)
  let lines = parts.get(part)
  if (!lines) {
    lines = read(source, part * TOGETHER, Math.min(source.length, (part + 1) * TOGETHER) - 1)
    parts.set(part, lines)
  }
  return lines
}

function read(source: readonly string[], first: number, last: number): string[] {
  let begin = first
  let size = 0
  while (begin > 0 && size < BEFORE) {
    begin--
    size += shortened(source[begin] ?? '').length + 1
  }
  const lines = source.slice(begin, last + 1 + BEHIND).map(shortened)
  return masked(lines.join('\n'))
    .split('\n')
    .slice(first - begin, last + 1 - begin)
}
