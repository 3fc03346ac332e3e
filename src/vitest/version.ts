import { requireHere } from '../require.ts'

/** The version where it may be one that is too old: Vitest 2 to 4 look like it, 5 does not. */
export function oldVersion(vitest: object): string | undefined {
  // From 3 on they are gone, or from 4.1 on these are there; only then is it worth the look.
  if ('aroundEach' in vitest || !('isFirstRun' in vitest)) return undefined
  try {
    return (requireHere()('vitest/package.json') as { version?: string }).version
  } catch {
    // Not beside this package, as where it is linked.
    return undefined
  }
}
