import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'

/** Gives Vitest's `expect` the matchers, that of the test context too. */
export function addMatchers(vitest: object): void {
  const { expect } = vitest as { expect: { extend(matchers: object): void } }
  expect.extend({ toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections })
}
