import type { Leak } from './leak.ts'
import { message, oneLine } from './message.ts'
import { printableLines } from './printable.ts'

/**
 * What a leaking test fails with. Its stack is the stack of the line that created the object, so that a runner prints
 * its code frame there. Tell it by `code`, not by `instanceof`: copies and vm contexts have classes of their own.
 */
export class CursorLeakError extends Error {
  override readonly name = 'CursorLeakError'
  readonly code = 'ERR_CURSOR_LEAK'
  /** The leaks behind this error: of one creation site, unless it stands for a rest that was not listed. */
  declare readonly leaks: Leak[]

  constructor(text: string, leaks: Leak[], stack: string) {
    super(text)
    // Not enumerable: a reporter that prints an error's own fields would print the whole data below the message.
    Object.defineProperty(this, 'leaks', { value: leaks, enumerable: false })
    for (const key of ['name', 'code'])
      Object.defineProperty(this, key, { value: this[key as 'name'], enumerable: false })
    this.stack = `${this.name}: ${text}${stack ? `\n${printableLines(stack)}` : ''}`
  }
}

/** One error a creation site; beyond `max` sites the rest is counted in one last error. */
export function toErrors(leaks: readonly Leak[], max: number): CursorLeakError[] {
  const shown = leaks.length > max ? leaks.slice(0, max) : leaks
  const errors = shown.map((leak) => new CursorLeakError(message(leak), [leak], leak.stack))
  const rest = leaks.slice(shown.length)
  if (rest.length > 0) {
    const text = `${rest.length} more creation sites leaked; the option maxReported (${max}) hides them`
    errors.push(new CursorLeakError(text, rest, rest[0]?.stack ?? ''))
  }
  return errors
}

/**
 * One error for a runner that takes only one: each further site is the `cause` of the one before. Not every reporter
 * prints causes (Mocha 10.0, TAP, Mocha's JSON), so the first message names them all.
 */
export function chained(errors: readonly CursorLeakError[]): CursorLeakError {
  const [first, ...rest] = errors
  if (!first) throw new RangeError('chained() needs an error')
  let last = first
  for (const error of rest) {
    // Enumerable, unlike what the constructor makes of it: Mocha's workers send nothing else to the main process.
    Object.defineProperty(last, 'cause', { value: error, enumerable: true, configurable: true, writable: true })
    last = error
  }
  const others = rest.map(({ leaks: [leak, ...more], message }) =>
    leak && more.length === 0 ? `  also leaked: ${oneLine(leak)}` : `  ${message}`,
  )
  if (others.length > 0) reword(first, [first.message, ...others].join('\n'))
  return first
}

/** Changes the message, in the stack as well. */
export function reword(error: Error, message: string): void {
  error.stack = (error.stack ?? '').replace(error.message, () => message)
  error.message = message
}
