import { masked } from './credentials.ts'

// What comes from outside (names, comments, paths, other people's errors) may hold what a terminal or a CI takes for a
// command of its own. All of it passes one of these functions where text is made of it; data keeps it as it is.

/** Controls (also those of 8 bits), line ends, what is invisible or turns text around, and halves of a character. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu
/** What Azure Pipelines, TeamCity and GitHub's older runners take for a command anywhere in a line. */
const COMMAND = /##(?=\[|vso\[|teamcity\[)/g
/** No name and no comment is of use to a reader beyond this. */
const MAX = 500

/** One line: as it is where it is harmless, else escaped as in a JavaScript string. Credentials of addresses are masked. */
export function printable(text: unknown, max = MAX): string {
  const safe = escaped(masked(String(text)))
  return safe.length > max ? `${safe.slice(0, max - 1)}…` : safe
}

/** Several lines, each of them safe; a tab stays. */
export const printableLines = (text: string): string =>
  masked(text)
    .split('\n')
    .map((line) => line.split('\t').map(escaped).join('\t'))
    .join('\n')

/** A string literal of JavaScript that stands for exactly this text: for advice that is to be pasted. */
export const quoted = (text: string): string => `'${escaped(masked(text).replace(/[\\']/g, '\\$&'))}'`

/**
 * What names exactly this text, or with something masked in it, what is left of it: a string, or a regular expression. For a
 * rule that is to be pasted: `***` would match nothing.
 */
export function named(text: string): string {
  const shown = masked(text)
  if (shown === text) return quoted(text)
  // As codes, so that nothing in it is taken for something to mask again.
  const parts = shown.split('***').map((part) => part.replace(/[^\w.@*-]/gu, asCode).replace(/[.*]/g, '\\$&'))
  return `/^${parts.join('.*')}$/s`
}

const asCode = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : hex(char)
}

/** One line of JSON. Escapes what JSON itself leaves as it is: controls of 8 bits and what turns text around. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value, withoutSecrets).replace(UNSAFE, hex).replace(COMMAND, '\\u0023#')

const withoutSecrets = (_key: string, value: unknown): unknown => (typeof value === 'string' ? masked(value) : value)

const escaped = (text: string): string => text.replace(UNSAFE, asEscape).replace(COMMAND, '\\x23#')

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const asEscape = (char: string): string => {
  const code = char.codePointAt(0) ?? 0
  return SHORT[char] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : hex(char))
}

/** In units of 16 bits, which JSON and JavaScript both read. */
const hex = (char: string): string =>
  [...Array(char.length).keys()].map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')
