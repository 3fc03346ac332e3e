import { endsBetween, expressionEnd, isClosing, isName, isOpening, isSign, type Tokens } from './expression.ts'
import { END, type Part, usersOf } from './joined.ts'
import type { Token } from './tokens.ts'
import { type Range, textsIn } from './values.ts'

/** Behind these another text begins. */
const ENDS = [';', ',', '?', ':', '||', '??', '&&', '=', '=>', '==', '===', '!=', '!==', '??=', '||=']
/** Literals that stand deeper than this in each other's brackets are not read as one. */
const MAX_DEPTH = 8
const FORMATTED = /\/\/[^\s@]*(?:%[sdjo]|\{\d*\})[^\s]*@/
const REPLACES = /^replace(?:All)?$/

/** The literals that are put together inside of one pair of brackets. */
interface Chain {
  parts: Part[]
  /** Parts before this are looked at. */
  begin: number
  /** `.concat(…)`, `[…].join('')`: a comma joins. */
  joins: boolean
  depth: number
}

const chain = (joins: boolean): Chain => ({ parts: [], begin: 0, joins, depth: 0 })

/** User and password of addresses, however they are put together: by `+`, templates, `concat`, `join` or a format. */
export function userParts(tokens: Tokens): Range[] {
  const { list, closes } = tokens
  const found: Range[] = []
  const open: Chain[] = [chain(false)]
  const flush = (one: Chain): void => {
    found.push(...usersOf(one.parts.slice(one.begin)))
    one.parts.push(END)
    one.begin = one.parts.length
  }
  list.forEach((token, i) => {
    const current = open.at(-1) as Chain
    if (isClosing(token) && open.length > 1) {
      flush(current)
      open.pop()
      close(open.at(-1) as Chain, current, isSign(token, '}') && !isTemplate(list, closes, i))
      return
    }
    if (endsBetween(list[i - 1], token) || (isSign(token, ...ENDS) && !(current.joins && isSign(token, ','))))
      flush(current)
    if (isOpening(token)) open.push(chain(joins(tokens, i)))
    else if (token.kind === 'text') current.parts.push(...partsOf(token))
    else if (token.kind === 'name' && !isSign(list[i - 1], '.')) current.parts.push({ text: '0', from: -1 })
    if (token.kind === 'text') found.push(...filledIn(tokens, i))
  })
  for (const one of open) flush(one)
  return found
}

/** What stood in the brackets is a part of what stands around them, if it is not a block. */
function close(outer: Chain, inner: Chain, isBlock: boolean): void {
  outer.depth = Math.max(outer.depth, inner.depth + 1)
  if (isBlock || inner.depth >= MAX_DEPTH) outer.parts.push({ text: '0', from: -1 })
  else outer.parts.push(...inner.parts.slice(0, -1))
}

/** A template's piece follows directly. */
const isTemplate = (list: readonly Token[], _closes: ReadonlyMap<number, number>, i: number): boolean =>
  list[i + 1]?.kind === 'text' && list[i + 1]?.from === list[i]?.to

function joins({ list, closes }: Tokens, i: number): boolean {
  if (isSign(list[i], '(')) return isName(list[i - 1], /^concat$/)
  const end = closes.get(i)
  return isSign(list[i], '[') && end !== undefined && isSign(list[end + 1], '.') && isName(list[end + 2], /^join$/)
}

/** A line that goes on in the next one by a backslash is one. */
function partsOf({ value, from }: Token): Part[] {
  const parts: Part[] = []
  let begin = 0
  for (const { index, 0: cut } of value.matchAll(/\\\r?\n/g)) {
    parts.push({ text: value.slice(begin, index), from: from + begin })
    begin = index + cut.length
  }
  return [...parts, { text: value.slice(begin), from: from + begin }]
}

/** What a format, or a `replace()`, puts into an address. */
function filledIn(tokens: Tokens, i: number): Range[] {
  const { list, parents, closes } = tokens
  const { value } = list[i] as Token
  if (!value.includes('@')) return []
  if (isSign(list[i + 1], '.') && isName(list[i + 2], REPLACES) && /\/\/\S*@/.test(value)) {
    return textsIn(list, i + 1, expressionEnd(tokens, i + 1))
  }
  const parent = parents[i] ?? -1
  return isSign(list[parent], '(') && FORMATTED.test(value)
    ? textsIn(list, i + 1, closes.get(parent) ?? list.length)
    : []
}
