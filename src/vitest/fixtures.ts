import { state } from '../state.ts'
import { enteringOwn } from '../trace/enter.ts'
import { type AnyFunction, disguise } from '../trace/patch.ts'
import { type Context, contextOf, type FixtureCall, type Scope } from '../trace/scope.ts'
import { fileFixture } from './file-fixtures.ts'
import { type Worker, workerFixture, workerScope } from './worker-end.ts'

export type FixtureScope = 'test' | 'file' | 'worker'

/** Set on what {@link enclosed} makes: without isolation a fixture of a shared module comes by more than once. */
const ENCLOSED = Symbol.for('cursorleak.fixture')

/**
 * Makes a fixture's function run, teardown and all, in a context of the scope that it lives in: Vitest calls it while
 * the first test that uses it runs. Its text stays readable: Vitest takes from it what the fixture uses.
 */
export function enclosed(fixture: AnyFunction, scope: FixtureScope): AnyFunction {
  if (ENCLOSED in fixture) return fixture
  const wrapper = disguise(
    enteringOwn(fixture, () => contextNow(scope), follow),
    fixture,
  )
  Object.defineProperty(wrapper, ENCLOSED, { value: true })
  return Object.defineProperty(wrapper, 'toString', { value: () => String(fixture), configurable: true })
}

function contextNow(scope: FixtureScope): Context | undefined {
  const { file, als } = state()
  if (scope === 'worker' && !isVm()) return contextOf(workerScope(), 'fixture')
  if (scope !== 'test') return contextOf(file, 'fixture')
  const own = als.getStore()?.scope
  // One that an `aroundEach` outside of ours uses has no test yet.
  return own?.kind === 'test' && !own.done ? ofTest(own) : undefined
}

const ofTest = (scope: Scope): Context => ({ scope, by: 'fixture', fixture: { over: false } })

function follow(returned: unknown, { scope, fixture }: Context): unknown {
  // Vitest's own promise or nothing that it takes.
  if (!(returned instanceof Promise)) return returned
  if (fixture) return followTest(returned, fixture)
  return scope.worker ? workerFixture(returned) : fileFixture(returned, scope)
}

function followTest(returned: Promise<unknown>, fixture: FixtureCall): Promise<unknown> {
  const over = (): void => {
    fixture.over = true
  }
  returned.then(over, over)
  return returned
}

/** In these pools a worker's modules, and so its fixtures, are those of one file. */
function isVm(): boolean {
  const { ctx, config } = (globalThis as { __vitest_worker__?: Worker }).__vitest_worker__ ?? {}
  return (ctx?.pool ?? config?.pool ?? '').startsWith('vm')
}
