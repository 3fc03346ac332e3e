import { userParts } from './addresses.ts'
import { withBrackets } from './expression.ts'
import { type Token, tokenLists } from './tokens.ts'
import { type Range, secretValues } from './values.ts'

/** Most texts have nothing of it, and cost one search. */
export const MAY_HOLD = /\/\/|[@:]|pass|pwd|\bp[sw]|pw\b|secret|token|cred|key|auth|jwt|bearer|basic|mongo/i
/** JSON in a literal, code in a template: what stands in a literal of that is not looked at. */
const MAX_DEPTH = 2

/**
 * Source with `***` in place of each literal that is given to a name which says secret, and of user and password of each
 * address, also where they go on in other lines: the number of lines stays.
 */
export function maskSource(source: string): string {
  return replaced(source, rangesIn(source, 0, 0))
}

function rangesIn(source: string, offset: number, depth: number): Range[] {
  return tokenLists(source).flatMap((list) => {
    const tokens = withBrackets(list)
    const found = [...secretValues(tokens), ...userParts(tokens)]
    const inner =
      depth < MAX_DEPTH ? list.filter(isSource).flatMap((one) => rangesIn(one.value, one.from, depth + 1)) : []
    return [...found, ...inner].map(({ from, to, quote }) => ({ from: from + offset, to: to + offset, quote }))
  })
}

const isSource = ({ kind, value }: Token): boolean => kind === 'text' && /["'`]/.test(value) && MAY_HOLD.test(value)

function replaced(source: string, ranges: Range[]): string {
  let text = ''
  let at = 0
  for (const { from, to, quote } of ranges.sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (to <= at) continue
    const begin = Math.max(at, from)
    const hidden = source.slice(begin, to).split('\n')
    // What continues a range that was masked needs no mark of its own.
    const marks = hidden.map((line, i) => (i === 0 && begin > from ? '' : stars(line, i)))
    text += source.slice(at, begin) + marks.join('\n') + (quote ?? '')
    at = to
  }
  return text + source.slice(at)
}

function stars(line: string, i: number): string {
  const [, space = '', rest = '', end = ''] = /^(\s*)(.*?)(\r?)$/s.exec(line) ?? []
  return i > 0 && rest === '' ? line : `${i > 0 ? space : ''}***${end}`
}
