import { types } from 'node:util'
import { OptionError, type Options, validate } from '../options.ts'

/** An option's type without what can't travel to a worker. */
type Data<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends RegExp
    ? T
    : T extends ReadonlyArray<infer Item>
      ? ReadonlyArray<Data<Item>>
      : T

type WithoutFunctions = { [Name in keyof Options]: Data<Options[Name]> }
type OnlyFunctions = {
  [Name in keyof WithoutFunctions]-?: [Exclude<WithoutFunctions[Name], undefined>] extends [never] ? Name : never
}[keyof Options]

/**
 * The plugin's options: those of `configure()`, as data. They travel to the workers, which functions do not: a predicate
 * in `ignore`, or `onLeak`, goes through `configure()` in a setup file.
 */
export type PluginOptions = Omit<WithoutFunctions, OnlyFunctions>

/** Under this key the options are provided to the workers. */
export const PROVIDED = 'cursorleak'

/** Options as JSON: a regular expression as its source and flags. */
export interface EncodedOptions {
  json: string
}

const WHERE = 'plugin cursorleak/vitest/plugin'

/**
 * Checks the options where the configuration is loaded, so that a mistake ends the run before any test.
 * @throws a `CursorLeakOptionError` that names the option, what was given and what is allowed
 */
export function encodeOptions(options: PluginOptions): EncodedOptions {
  const own = validate(options, WHERE)
  for (const [name, value] of Object.entries(own)) {
    const values: unknown[] = Array.isArray(value) ? value : [value]
    const wrong = values.find((one) => typeof one === 'function')
    if (!wrong) continue
    const allowed = "data only: functions can't be handed to the workers; pass it to configure() in a setup file"
    throw new OptionError(name, wrong, allowed, WHERE)
  }
  try {
    return { json: JSON.stringify(own, encode) }
  } catch {
    throw new OptionError('options', own, 'data that can be read', WHERE)
  }
}

export function decodeOptions(encoded: EncodedOptions | undefined): Options {
  return encoded ? (JSON.parse(encoded.json, decode) as Options) : {}
}

interface EncodedExpression {
  $regexp: [source: string, flags: string]
}

function encode(_key: string, value: unknown): unknown {
  // Also of another realm, in which a configuration may be evaluated.
  if (!types.isRegExp(value)) return value
  const { source, flags } = value
  return { $regexp: [source, flags] } satisfies EncodedExpression
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$regexp' in value)) return value
  const [source, flags] = (value as EncodedExpression).$regexp
  return new RegExp(source, flags)
}
