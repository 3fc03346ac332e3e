/** A word, a sign, or the text of a literal (of a template: one of its pieces). */
export interface Token {
  kind: 'name' | 'sign' | 'text'
  /** Of a text: what stands between its quotes. */
  value: string
  /** Where `value` begins. */
  from: number
  /** Behind `value`. */
  to: number
  /** Whether a line ends in front of it. */
  onNewLine: boolean
  /** The quote that a text has at its end; empty for a piece of a template that goes on. Undefined where the line ends first. */
  quote?: string | undefined
}

const SPACE = /\s+/y
const NAME = /[\p{L}\p{N}_$#]+/uy
const SIGN = /=>|={2,3}|!==?|\?\?=?|\|\|=?|&&=?|\+=|\?\.(?!\d)|\.{3}|\+\+|--|[\s\S]/y
const BEFORE_REGEX = /^(?:return|typeof|case|in|of|do|else|void|delete|await|yield)$/
const BEFORE_TEXT = /^(?:return|typeof|case|in|of|else|void|delete|await|yield|from|import|default|as|extends|throw)$/

/**
 * The tokens of a piece of JavaScript or TypeScript, well enough to tell literals from code: it may begin and end anywhere.
 * Those of each comment are a list of their own, as code is often put into one. Takes a time in proportion to the text.
 */
export function tokenLists(text: string): Token[][] {
  const reader = new Reader(text, 0, text.length, false)
  return [reader.read(), ...reader.comments]
}

class Reader {
  readonly comments: Token[][] = []
  private readonly tokens: Token[] = []
  /** What the braces that are open belong to. */
  private readonly braces: ('template' | 'block')[] = []
  private onNewLine = false
  /** No regular expression begins before this place: it has no end in its line. */
  private noRegexBefore = 0

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
    private readonly isComment: boolean,
  ) {}

  read(): Token[] {
    while (this.at < this.end) this.next()
    return this.tokens
  }

  private next(): void {
    const space = this.match(SPACE)
    if (space) {
      this.onNewLine ||= space.includes('\n')
      this.skip(space.length)
      return
    }
    const name = this.match(NAME)
    const char = this.text[this.at] ?? ''
    if (name) this.add('name', this.at, this.at + name.length)
    else if (char === '`') this.template()
    else if (char === "'" || char === '"') this.string(char)
    else if (char !== '/' || !(this.comment() || this.regex())) this.sign(char)
  }

  private sign(char: string): void {
    this.add('sign', this.at, this.at + (this.match(SIGN) ?? char).length)
    if (char === '{') this.braces.push('block')
    if (char === '}' && this.braces.pop() === 'template') this.piece(this.at)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const [found] = pattern.exec(this.text) ?? []
    return found?.slice(0, this.end - this.at)
  }

  private skip(length: number): void {
    this.at += length
  }

  private add(kind: Token['kind'], from: number, to: number, more: { quote?: string | undefined } = {}): void {
    this.tokens.push({ kind, value: this.text.slice(from, to), from, to, onNewLine: this.onNewLine, ...more })
    this.onNewLine = false
    this.at = to
  }

  /** Line comments that follow each other are one. */
  private comment(): boolean {
    const second = this.text[this.at + 1]
    if (second !== '/' && second !== '*') return false
    if (this.isComment) {
      this.skip(2)
      return true
    }
    let end = second === '*' ? this.text.indexOf('*/', this.at + 2) : this.lineEnd()
    if (end < 0) end = this.end
    if (second === '/') {
      const more = /\s*\/\/[^\n]*/y
      for (more.lastIndex = end; more.test(this.text); ) end = more.lastIndex
    }
    this.comments.push(new Reader(this.text, this.at + 2, Math.min(end, this.end), true).read())
    this.onNewLine ||= this.text.slice(this.at, end).includes('\n')
    this.at = second === '*' ? end + 2 : end
    return true
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.at)
    return end < 0 ? this.end : Math.min(end, this.end)
  }

  private string(quote: string): void {
    const before = this.text[this.at - 1] ?? ''
    // An apostrophe in a text: `don't`.
    if (quote === "'" && /[\p{L}\p{N}]/u.test(before) && !BEFORE_TEXT.test(this.tokens.at(-1)?.value ?? '')) {
      this.skip(1)
      return
    }
    // A literal inside of another one, as in JSON that was put into a string.
    const isEscaped = before === '\\'
    const from = this.at + 1
    let to = from
    for (; to < this.end && this.text[to] !== '\n'; to++) {
      if (this.text[to] === quote) break
      if (this.text[to] !== '\\') continue
      if (isEscaped && this.text[to + 1] === quote) break
      if (this.text[to + 1] === '\r') to++
      to++
    }
    to = Math.min(to, this.end)
    const found = this.text[to] === quote || (isEscaped && this.text[to] === '\\')
    this.add('text', from, to, { quote: found ? quote : undefined })
    if (found) this.skip(this.text[to] === '\\' ? 2 : 1)
  }

  /** In a comment only one that ends in its line: a lone one there is a slip. */
  private template(): void {
    const close = this.text.indexOf('`', this.at + 1)
    if (this.isComment && (close < 0 || close > this.lineEnd())) this.skip(1)
    else this.piece(this.at + 1)
  }

  private piece(from: number): void {
    let to = from
    while (to < this.end && this.text[to] !== '`' && !(this.text[to] === '$' && this.text[to + 1] === '{')) {
      to += this.text[to] === '\\' ? 2 : 1
    }
    to = Math.min(to, this.end)
    const isLast = this.text[to] === '`' || to >= this.end
    this.add('text', from, to, { quote: isLast ? '`' : '' })
    if (isLast) {
      this.skip(1)
      return
    }
    this.add('sign', to, to + 2)
    this.braces.push('template')
  }

  private regex(): boolean {
    const last = this.tokens.at(-1)
    const mayBegin =
      last === undefined ||
      (last.kind === 'sign' && !/^[)\]}<]$/.test(last.value)) ||
      (last.kind === 'name' && BEFORE_REGEX.test(last.value))
    if (!mayBegin || this.at < this.noRegexBefore) return false
    const end = this.lineEnd()
    let inClass = false
    for (let to = this.at + 1; to < end; to++) {
      const char = this.text[to]
      if (char === '\\') to++
      else if (char === '[') inClass = true
      else if (char === ']') inClass = false
      else if (char === '/' && !inClass) {
        this.skip(to + 1 - this.at)
        // As a value: what follows is no further one.
        this.tokens.push({ kind: 'name', value: '/', from: to, to, onNewLine: this.onNewLine })
        this.onNewLine = false
        return true
      }
    }
    this.noRegexBefore = end
    return false
  }
}
