import type { Token } from './tokens.ts'

/** Tokens with what belongs together. */
export interface Tokens {
  list: readonly Token[]
  /** For each token the bracket that it stands in; -1 outside of all. */
  parents: readonly number[]
  /** For each bracket that opens the one that closes it. */
  closes: ReadonlyMap<number, number>
}

export const isSign = (token: Token | undefined, ...signs: string[]): boolean =>
  token?.kind === 'sign' && signs.includes(token.value)
export const isName = (token: Token | undefined, names: RegExp): boolean =>
  token?.kind === 'name' && names.test(token.value)
export const isOpening = (token: Token | undefined): boolean => isSign(token, '(', '[', '{', '${')
export const isClosing = (token: Token | undefined): boolean => isSign(token, ')', ']', '}')

export function withBrackets(list: readonly Token[]): Tokens {
  const open: number[] = []
  const closes = new Map<number, number>()
  const parents = list.map((token, i) => {
    const parent = isClosing(token) ? open.pop() : undefined
    if (parent !== undefined) closes.set(parent, i)
    const found = open.at(-1) ?? -1
    if (isOpening(token)) open.push(i)
    return found
  })
  return { list, parents, closes }
}

const GOES_ON_BEHIND = /^(?:await|new|typeof|return|as|satisfies|void|yield|instanceof|extends|keyof)$/
const GOES_ON_WITH = /^(?:as|satisfies|instanceof)$/
const BEGINS = ['{', '}', '++', '--', '!', '~', '...', '${', '@', '#']

/** Whether an expression ends between two tokens, because a new line begins there. */
export function endsBetween(last: Token | undefined, token: Token): boolean {
  if (!token.onNewLine || last === undefined) return false
  if (last.kind === 'sign' && !isClosing(last) && !isSign(last, '++', '--')) return false
  if (isName(last, GOES_ON_BEHIND) || isName(token, GOES_ON_WITH)) return false
  return token.kind !== 'sign' || isSign(token, ...BEGINS)
}

/**
 * Where the expression ends that begins at a token: with its comma, its bracket or its line. A function's body is code of
 * its own, and ends it too.
 * @param commas whether it goes on behind a comma: the arguments of a call
 */
export function expressionEnd({ list }: Tokens, from: number, commas = false): number {
  let depth = 0
  for (let i = from; i < list.length; i++) {
    const token = list[i] as Token
    if (depth === 0 && i > from && !commas && endsBetween(list[i - 1], token)) return i
    if (isSign(token, '{') && isSign(list[i - 1], '=>', ')')) return i
    if (isOpening(token)) depth++
    if (isClosing(token) && depth-- === 0) return i
    if (depth === 0 && (isSign(token, ';') || (!commas && isSign(token, ',')))) return i
  }
  return list.length
}
