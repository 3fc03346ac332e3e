import { inspect } from 'node:util'
import { printable } from './report/printable.ts'
import { isPlain } from './trace/fields.ts'

/** A value that somebody passed, short and in one line; a getter or a proxy of theirs may throw. */
export function shown(given: unknown): string {
  try {
    return printable(inspect(given, { depth: 1, breakLength: Infinity, maxStringLength: 200, maxArrayLength: 10 }))
  } catch {
    return 'a value that has no text'
  }
}

/** A word in double quotes; anything else as it is. */
export const word = (given: unknown): string =>
  typeof given === 'string' ? printable(JSON.stringify(given)) : shown(given)

/**
 * Checks what was given as the options of one call: an object, with no other names than those there are.
 * @param where the call, as a message names it
 * @returns them, read once
 * @throws a TypeError
 */
export function checkNames<T extends object>(
  given: T | undefined,
  names: readonly string[],
  where: string,
): Partial<T> {
  if (given === undefined) return {}
  const list = names.map((name) => `"${name}"`).join(', ')
  let own: object | undefined
  try {
    own = isPlain(given) ? { ...given } : undefined
  } catch {
    // A getter or a proxy of theirs.
    throw new TypeError(`${where}: the options can't be read; allowed: an object with ${list}`)
  }
  if (own === undefined)
    throw new TypeError(`${where}: the options are ${shown(given)}; allowed: an object with ${list}`)
  const other = Object.keys(own).find((name) => !names.includes(name))
  if (other !== undefined)
    throw new TypeError(
      `${where}: there is no option "${printable(other)}"; there ${names.length > 1 ? 'are' : 'is'} ${list}`,
    )
  return own
}
