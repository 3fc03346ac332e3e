import { masked, shortened } from './credentials.ts'

/** So much of the source in front of a line is read to know what the line is a part of. */
const BEFORE = 64 * 2 ** 10
const BEHIND = 20

/**
 * Lines of source without what is secret in them: a literal, or what puts a password together, may begin some lines before
 * and end some lines behind.
 * @param first counts from 0
 * @param last is the last one
 */
export function maskedLines(source: readonly string[], first: number, last: number): string[] {
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
