import { expressionEnd, isClosing, isName, isSign, type Tokens } from './expression.ts'
import { saysAddress, saysSecret } from './names.ts'
import type { Token } from './tokens.ts'

/** A part of a text that is not shown. */
export interface Range {
  from: number
  to: number
  /** A literal that its line ends is closed. */
  quote?: string | undefined
}

const GIVES = [':', '=', '??', '||', '+=', '??=', '||=']
const COMPARES = ['==', '===', '!=', '!==']
/** What gives a secret back, or only looks whether there is one. */
const READS =
  /^(?:get|read|load|find|fetch|has|is|create|generate|make|ask|prompt|issue|request|delete|revoke|reset)(?=[A-Z_]|$)/
const EXPECTS = /^(?:expect|assert|should)$/
const COMPARING = /equal|same|match|compare|verify|include/i
/** `password`, `db.password`, `--password`, `<password>`: not a sentence with such a word. */
const KEY = /^[^\p{L}\p{N}\s]{0,4}([\p{L}\p{N}_.$-]{1,80})[^\p{L}\p{N}\s]{0,4}$/u
const TOOL = /^mongo(?:sh|dump|restore|export|import|stat|top|files)?$/

/** The literals that are given to a name which says secret, however they are put together. */
export function secretValues(tokens: Tokens): Range[] {
  const { list } = tokens
  const found: Range[] = []
  let tool = false
  for (let i = 0; i < list.length; i++) {
    const token = list[i] as Token
    tool ||= token.kind === 'text' && TOOL.test(token.value)
    const name = nameOf(token)
    if (name === undefined) continue
    if (saysSecret(name) || (tool && token.value === '-p')) {
      const value = givenTo(tokens, i)
      if (value) found.push(...textsIn(list, value.from, value.to))
      // What stands in it is masked already.
      if (value) i = Math.max(i, value.to - 1)
    } else if (saysAddress(name) && isSign(list[i + 1], ...GIVES)) {
      found.push(...usersIn(list, i + 2, expressionEnd(tokens, i + 2)))
    }
  }
  return found
}

function nameOf(token: Token): string | undefined {
  if (token.kind === 'name') return token.value
  if (token.kind !== 'text' || token.quote === undefined) return undefined
  const [, key] = KEY.exec(token.value) ?? []
  return key?.split('.').at(-1)
}

/** What these take is a name, which is told anyway. */
const NAMED = /^(?:collection|db|useDb|model|require|import)$/

/** The literals between two tokens; a key in brackets is none of the values. */
export function textsIn(list: readonly Token[], from: number, to: number): Range[] {
  const found: Range[] = []
  for (let i = from; i < to; i++) {
    const token = list[i] as Token
    const [before, last] = [list[i - 2], list[i - 1]]
    const isKey = isSign(last, '[') && before !== undefined && (before.kind === 'name' || isClosing(before))
    const isNamed = isSign(last, '(') && isName(before, NAMED)
    if (token.kind !== 'text' || token.value.trim() === '' || isKey || isNamed) continue
    found.push({ from: token.from, to: token.to, quote: closing(token, list[i + 1]) })
  }
  return found
}

const closing = ({ quote }: Token, next: Token | undefined): string | undefined =>
  quote === undefined && (next === undefined || next.onNewLine) ? "'" : undefined

/** `user:password@host` without a scheme, in what is named as an address. */
function usersIn(list: readonly Token[], from: number, to: number): Range[] {
  return list.slice(from, to).flatMap((token) => {
    const at = token.kind === 'text' && /^[^\s:@/]+:[^\s/]/.test(token.value) ? token.value.lastIndexOf('@') : -1
    return at < 0 ? [] : [{ from: token.from, to: token.from + at }]
  })
}

/** Which tokens the value of a name is made of; undefined where it is given none. */
function givenTo(tokens: Tokens, i: number): { from: number; to: number } | undefined {
  const { list, parents, closes } = tokens
  const upTo = (from: number, commas = false) => ({ from, to: expressionEnd(tokens, from, commas) })
  const parent = parents[i] ?? -1
  const [last, next] = [list[i - 1], list[i + 1]]
  const close = closes.get(parent)
  // `[user, password] = […]`, `auth['password'] = …`, `{ [PASSWORD]: … }`
  if (
    isSign(list[parent], '[') &&
    close !== undefined &&
    isSign(list[close + 1], ...GIVES) &&
    !isSign(next, ...GIVES)
  ) {
    return upTo(close + 2)
  }
  if (list[i]?.kind === 'text') return givenToText(tokens, i, upTo)
  if (isSign(next, ...GIVES)) return upTo(i + 2)
  if (isSign(next, '?', '!') && isSign(list[i + 2], ':', '=', '??', '||')) return upTo(i + 3)
  if (isSign(next, ...COMPARES)) return isName(list[chainStart(list, i) - 1], /^typeof$/) ? undefined : upTo(i + 2)
  if (isSign(next, '(') && !READS.test(list[i]?.value ?? '') && !isName(last, /^function$/)) {
    return { from: i + 2, to: closes.get(i + 1) ?? expressionEnd(tokens, i + 2, true) }
  }
  if (next?.kind === 'text' && !next.onNewLine) return upTo(i + 1)
  const caller = isSign(list[parent], '(') ? list[parent - 1] : undefined
  if (isSign(next, ')') && isName(caller, EXPECTS)) return upTo(i + 2)
  return isSign(next, ',') && isName(caller, COMPARING) ? upTo(i + 2) : undefined
}

/** `'password': …`, `.set('password', …)`, `['--password', …]`. */
function givenToText(
  { list, parents }: Tokens,
  i: number,
  upTo: (from: number) => { from: number; to: number },
): { from: number; to: number } | undefined {
  const [last, next] = [list[i - 1], list[i + 1]]
  if (isSign(next, ':') && !isSign(last, '?')) return upTo(i + 2)
  const isArgument = isSign(list[parents[i] ?? -1], '(') || list[i]?.value.startsWith('-')
  return isSign(next, ',') && isArgument ? upTo(i + 2) : undefined
}

/** Where `user.auth.password` begins. */
function chainStart(list: readonly Token[], i: number): number {
  let start = i
  while (isSign(list[start - 1], '.', '?.') && list[start - 2]?.kind === 'name') start -= 2
  return start
}
