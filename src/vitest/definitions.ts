import { guard, sayOnce } from '../say.ts'
import { passing } from '../trace/enter.ts'
import { type AnyFunction, disguise } from '../trace/patch.ts'
import { enclosed, type FixtureScope } from './fixtures.ts'

// Vitest 4.1 and later: every `test` knows its fixtures by an object, whose class takes in all of them, however they are
// written. There each is parsed already, and has its scope.

interface Fixture {
  value: unknown
  scope: FixtureScope
}
type Fixtures = Map<string, Fixture>
interface Definition {
  _registrations?: Fixtures
}
interface Chainable {
  getFixtures?(): object
}

const NO_FIXTURES =
  'this Vitest hides its fixtures: what one of `file` or `worker` scope opens counts for the test that uses it first'

/** Replaces the functions of all fixtures, of those before this call too. */
export function encloseDefinitions(vitest: object): void {
  const known = guard('looking for fixtures', () => classOf(vitest))
  if (!known) {
    sayOnce(NO_FIXTURES)
    return
  }
  for (const { _registrations } of known._definitions ?? []) if (_registrations) encloseAll(_registrations)
  const proto = known.prototype as { parseUserFixtures: AnyFunction & { [TAKEN]?: true } }
  const parse = proto.parseUserFixtures
  if (parse[TAKEN]) return
  const take = passing(
    parse,
    (args) => args,
    (made) => {
      guard('taking in fixtures', () => encloseAll(made as Fixtures))
      return made
    },
  )
  proto.parseUserFixtures = Object.defineProperty(disguise(take, parse), TAKEN, { value: true })
}

/** Set on the method that is replaced: without isolation this is called for every file. */
const TAKEN = Symbol.for('cursorleak.fixtures')

interface DefinitionClass {
  prototype: object
  _definitions?: Definition[]
}

function classOf(vitest: object): DefinitionClass | undefined {
  const { test } = vitest as { test: object }
  for (const key of Object.getOwnPropertySymbols(test)) {
    const fixtures = (test as Record<symbol, Chainable | undefined>)[key]?.getFixtures?.()
    if (fixtures && 'parseUserFixtures' in fixtures) return fixtures.constructor as unknown as DefinitionClass
  }
  return undefined
}

function encloseAll(fixtures: Fixtures): void {
  for (const fixture of fixtures.values()) {
    if (typeof fixture.value === 'function') fixture.value = enclosed(fixture.value as AnyFunction, fixture.scope)
  }
}
