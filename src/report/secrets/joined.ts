import { BEHIND_OPTION, hostsOf } from '../hosts.ts'
import type { Range } from './values.ts'

/** A piece of a text that a program puts together; what only the program knows stands as a digit, which host and port may be. */
export interface Part {
  text: string
  /** Where it stands; -1 for what the program puts in. */
  from: number
}

/** Here one text ends and another begins. */
export const END: Part = { text: '\0', from: -1 }

/** `mailto:a@b` and names of packages: no user with a password. */
const OTHER =
  /^(?:mailto|acct|sips?|xmpp|npm|jsr|workspace|urn|patch|file|link|catalog|https?|at|cc|bcc|to|from|email|e-mail):/i

/** Where user and password stand in what is put together from these parts. */
export function usersOf(parts: readonly Part[]): Range[] {
  const text = parts.map((part) => part.text).join('')
  if (!/[:@]/.test(text)) return []
  const spans = [...ofMongo(text, parts), ...ofOthers(text), ...bare(text, parts)]
  return spans.flatMap((span) => place(span, parts) ?? [])
}

type Span = [from: number, to: number]

function ofMongo(text: string, parts: readonly Part[]): Span[] {
  const begins = beginsOf(parts)
  const spans: Span[] = []
  const scheme = /mongodb(?:\+srv)?:\/\//gi
  for (let match = scheme.exec(text); match; match = scheme.exec(text)) {
    const begin = match.index + match[0].length
    // In a literal of its own a password may have spaces.
    const end = endAt(text, begin, begins.has(match.index) ? /[\0\n]/g : /\s|\0/g)
    const string = text.slice(begin, end)
    const at = string.lastIndexOf('@')
    if (at >= 0) spans.push([begin, BEHIND_OPTION.test(string.slice(0, at)) ? end : begin + at])
    else if (string.includes(':') && hostsOf(string.replace(/[.,;:)\]}>'"`]+$/, '')) === '') spans.push([begin, end])
    scheme.lastIndex = Math.max(begin, spans.at(-1)?.[1] ?? 0)
  }
  return spans
}

/** Of each `//` up to the last `@` in front of a slash; a password may have one itself, a port has none. */
function ofOthers(text: string): Span[] {
  const spans: Span[] = []
  let [runEnd, runAt] = [0, -1]
  for (const match of text.matchAll(/\/\/([^\s\0/?#]*)/g)) {
    const begin = match.index + 2
    const [, host = ''] = match
    const at = host.lastIndexOf('@')
    if (at >= 0) spans.push([begin, begin + at])
    if (at >= 0 || !/^[^@:]*:(?!\d*$)/.test(host)) continue
    if (begin >= runEnd) {
      runEnd = endAt(text, begin, /[\s\0]/g)
      runAt = text.slice(begin, runEnd).lastIndexOf('@') + begin
    }
    if (runAt > begin) spans.push([begin, runAt])
  }
  return spans
}

/** `user:password@host:27017` without a scheme, or put together from pieces: any such thing else may be a name and an e-mail. */
function bare(text: string, parts: readonly Part[]): Span[] {
  const spans: Span[] = []
  const begins = beginsOf(parts)
  for (const match of text.matchAll(/(?<![^\0])([^\s\0:@/]+:[^\s\0@]+)@([\p{L}\p{N}_.-]+)(:\d|\/|\?)?/gu)) {
    const [, user = '', , more] = match
    if (user.includes('://')) continue
    const isPut = parts.length > 1 && begins.has(match.index + user.length)
    if (!OTHER.test(user) && (more || isPut)) spans.push([match.index, match.index + user.length])
  }
  return spans
}

function beginsOf(parts: readonly Part[]): Set<number> {
  let length = 0
  return new Set(
    parts.map(({ text }) => {
      length += text.length
      return length - text.length
    }),
  )
}

function endAt(text: string, from: number, end: RegExp): number {
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}

/** In the source: from the literal in which it begins to that in which it ends. */
function place([from, to]: Span, parts: readonly Part[]): Range | undefined {
  let at = 0
  let first: number | undefined
  let last: number | undefined
  for (const part of parts) {
    const end = at + part.text.length
    if (part.from >= 0 && end >= from && first === undefined) first = part.from + Math.max(0, from - at)
    // The @ stands in this one.
    if (part.from >= 0 && at <= to) last = part.from + Math.min(part.text.length, to - at)
    if (at > to) break
    at = end
  }
  return first === undefined || last === undefined || last <= first ? undefined : { from: first, to: last }
}
