import { BEHIND_OPTION, hostsOf } from './hosts.ts'
import { MAY_HOLD, maskSource } from './secrets/mask.ts'

export { hostsOf }

/** A text of somebody else's (a driver's error) without anything that the connection string keeps secret. */
export function redact(text: string, uri: string): string {
  let safe = text.replaceAll(uri, hostsOf(uri) || '***')
  for (const secret of secretsOf(uri)) safe = safe.replace(secret, '***')
  return masked(safe)
}

/** The longest first: a short one may be part of it. */
function secretsOf(uri: string): RegExp[] {
  const rest = uri.replace(/^mongodb(?:\+srv)?:\/\//i, '')
  const at = rest.lastIndexOf('@')
  // Without a list of hosts nothing of it is known to be no secret.
  const given = hostsOf(uri) === '' ? rest : rest.slice(0, Math.max(0, at))
  const values = [...rest.matchAll(SECRET_OPTIONS)].map(([, , value = '']) => value)
  const texts = [given, ...values].flatMap((one) => [
    one,
    one.slice(one.indexOf(':') + 1),
    ...one.split(/[:@/?#&=,\s]+/),
  ])
  const all = new Set(texts.flatMap((one) => [one, decoded(one)]).filter(Boolean))
  return [...all].sort((a, b) => b.length - a.length).map(asPattern)
}

/** A short one is found in any text: as a word of its own only. In any case, as a URL's host is made small. */
function asPattern(secret: string): RegExp {
  const text = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return secret.length > 2 ? new RegExp(text, 'gi') : new RegExp(`(?<![\\p{L}\\p{N}])${text}(?![\\p{L}\\p{N}])`, 'giu')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that stands for itself: there is no other form of it.
    return text
  }
}

/** Options of a connection string whose values are secrets. */
const SECRET_OPTIONS =
  /((?:[?&;]|(?<![\w)\]}]\s*)["'`])(?:\w*password|\w*passphrase|\w*token|authMechanismProperties)=)(?![$<])([^&;\s'"`]*)/gi
/** `--password …` of a command, and `-p …` of one of MongoDB's; not a variable, which is no secret. */
const FLAGS =
  /(--[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api-?key)(?:=|\s+))(?![-$<])(?:"[^"]*"|'[^']*'|[^\s'"`,)]+)/gi
const TOOL_FLAGS =
  /(\bmongo(?:sh|dump|restore|export|import|stat|top|files)?\b[^'"`\n]*?\s-p[ =]?)(?![-$<\s])(?:"[^"]*"|'[^']*'|[^\s'"`]+)/gi
/** User and password of any other address. */
const OTHER_ADDRESS = /\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/?#'"`]*@|[^\s/?#'"`@:]*:(?!\d*(?:[/?#\s'"`]|$))[^\s'"`]*@)/gi
/** `'Bearer …'` as a literal of its own. */
const BEARER = /(["'`])(Bearer|Basic) [^\s'"`$]+(?=\1)/g

/**
 * A text, often a line of source, with the user and the password of each connection string in it as `***`, and with the
 * literals that are given to a `password`. What stands in no such place is source, and stays.
 */
export function masked(text: string): string {
  // Most texts have neither: they cost one search.
  if (!MAY_HOLD.test(text)) return text
  return maskSource(text.split('\n').map(shortened).join('\n'))
    .split('\n')
    .map((line) => maskOptions(maskStrings(line)))
    .join('\n')
}

export const shortened = (line: string): string => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line)

/** Nobody reads further, and the patterns take a time that grows faster than the line. */
const MAX_LINE = 2_000

const maskOptions = (line: string): string =>
  line
    .replace(OTHER_ADDRESS, '$1***@')
    .replace(SECRET_OPTIONS, '$1***')
    .replace(BEARER, '$1$2 ***')
    .replace(FLAGS, '$1***')
    .replace(TOOL_FLAGS, '$1***')

/** Each connection string of a line, up to the last `@` that can belong to it. */
function maskStrings(line: string): string {
  const start = /mongodb(?:\+srv)?:\/\//gi
  let safe = ''
  let from = 0
  for (let match = start.exec(line); match; match = start.exec(line)) {
    const begin = match.index + match[0].length
    const end = endOf(line, match.index, begin)
    const string = line.slice(begin, end)
    const at = string.lastIndexOf('@')
    // A literal that goes on in the next line, or behind the cut: the @ is there.
    const goesOn = end === line.length && (isQuoted(line, match.index) || line.length > MAX_LINE)
    const open = at < 0 && string.includes(':') && (goesOn || isNoHost(string))
    // An @ behind an option may belong to it or to the password: what follows is not for certain a host.
    const unsure = at >= 0 && BEHIND_OPTION.test(string.slice(0, at))
    safe += line.slice(from, begin) + (at >= 0 || open ? '***' : '')
    // In prose a password with a space: the next word has the @.
    const [more = ''] = open ? (/^ [^\s'"`]*(?=@)/.exec(line.slice(end)) ?? []) : []
    from = unsure || open ? end + more.length : at >= 0 ? begin + at : begin
    start.lastIndex = Math.max(begin, from)
  }
  return safe + line.slice(from)
}

/** `user:password` alone, where somebody forgot the rest. A template's parts are not known here. */
const isNoHost = (string: string): boolean =>
  !string.includes('${') && hostsOf(string.replace(/[.,;:)\]}>'"`]+$/, '')) === ''

const isQuoted = (line: string, index: number): boolean => /["'`]/.test(line[index - 1] ?? '')

/** Where a connection string that begins here ends: with its quote, else with the next space. */
function endOf(line: string, index: number, begin: number): number {
  const quote = line[index - 1] ?? ''
  if (!isQuoted(line, index)) {
    const length = line.slice(begin).search(/\s/)
    return length < 0 ? line.length : begin + length
  }
  let end = begin
  while (end < line.length && line[end] !== quote) end += line[end] === '\\' ? 2 : 1
  // Put together from parts: the password may be the next one.
  const rest = line.slice(end)
  const last = /^.\s*(?:\+|\.concat)/.test(rest) && !line.slice(begin, end).includes('@') ? rest.lastIndexOf('@') : -1
  return Math.min(line.length, last < 0 ? end : end + last + 1)
}
