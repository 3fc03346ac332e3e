import type { Scope } from '../trace/scope.ts'

// From Vitest 4.1 on the end of `aroundAll` is behind the teardown of the file's fixtures. Before, nothing of ours is:
// there the file is judged by the promise of the fixture that is torn down last, which Vitest waits for.

/** Before the file's first fixture: from now on they are followed. */
export function followFileFixtures(file: Scope): void {
  file.fixtures = { open: 0 }
}

/** Follows a fixture of file scope to its end. */
export function fileFixture(returned: Promise<unknown>, file: Scope): Promise<unknown> {
  if (!file.fixtures) return returned
  file.fixtures.open++
  return untilFile(returned, file.fixtures)
}

/**
 * Ends a file now or, where fixtures are still to be torn down, behind the last of them.
 * @param finish judges the file, and returns what to throw
 */
export async function behindFixtures(file: Scope, finish: () => Promise<readonly Error[]>): Promise<readonly Error[]> {
  if (!file.fixtures?.open) return finish()
  file.fixtures.finish = finish
  return []
}

async function untilFile(returned: Promise<unknown>, fixtures: NonNullable<Scope['fixtures']>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([returned])
  fixtures.open--
  const { finish } = fixtures
  const failed = outcome.status === 'rejected'
  // A teardown that throws keeps Vitest from the others: this is the end, then.
  if (finish && (failed || fixtures.open === 0)) {
    delete fixtures.finish
    const errors = await finish()
    // Vitest takes an array apart into one error each.
    if (errors.length > 0) throw failed ? [outcome.reason, ...errors] : errors
  }
  return returned
}
