import { guard, sayOnce } from '../say.ts'
import { passing } from '../trace/enter.ts'
import { type AnyFunction, disguise } from '../trace/patch.ts'
import { enclosed, type FixtureScope } from './fixtures.ts'

// Vitest 2.0 to 4.0 keep fixtures where nobody sees them: they are enclosed on their way in.

/** What `test` and what `test.extend()` makes have; `fn` is what `test.only` and the like are made of. */
interface Extendable {
  extend?: AnyFunction
  scoped?: AnyFunction
  fn?: Extendable
}

const TAKEN = Symbol.for('cursorleak.fixtures')

/** Makes fixtures of this `test`, and of all that are made from it, run in contexts of their own. */
export function encloseExtensions(test: unknown): unknown {
  const extendable = test as Extendable
  if (typeof extendable.extend !== 'function') {
    sayOnce('this Vitest has no test.extend(): its fixtures count for the test that uses them first')
    return test
  }
  for (const one of [extendable, extendable.fn]) {
    if (one) for (const name of ['extend', 'scoped'] as const) replace(one, name)
  }
  return test
}

function replace(host: Extendable, name: 'extend' | 'scoped'): void {
  const original = host[name]
  if (typeof original !== 'function' || TAKEN in original) return
  const make = (made: unknown): unknown => (name === 'extend' ? encloseExtensions(made) : made)
  const taking = passing(original, ([fixtures, ...rest]) => [encloseAll(fixtures), ...rest], make)
  host[name] = Object.defineProperty(disguise(taking, original), TAKEN, { value: true })
}

const encloseAll = (fixtures: unknown): unknown =>
  guard('taking in fixtures', () =>
    Object.fromEntries(Object.entries(fixtures as object).map(([name, value]) => [name, encloseOne(value)])),
  ) ?? fixtures

/** A value, a function, or a pair of one and its options. */
function encloseOne(value: unknown): unknown {
  if (typeof value === 'function') return enclosed(value as AnyFunction, 'test')
  if (!isPair(value) || typeof value[0] !== 'function') return value
  const [fixture, options] = value
  return [enclosed(fixture as AnyFunction, options.scope ?? 'test'), ...value.slice(1)]
}

const OPTIONS = ['auto', 'injected', 'scope']

const isPair = (value: unknown): value is [unknown, { scope?: FixtureScope }] =>
  Array.isArray(value) &&
  typeof value[1] === 'object' &&
  value[1] !== null &&
  OPTIONS.some((name) => name in (value[1] as object))
