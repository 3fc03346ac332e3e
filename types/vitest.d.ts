// biome-ignore-all lint/suspicious/noExplicitAny: the parameters have to be those of Vitest
// Written by hand: the parameters of these interfaces differ between Vitest 2 and 5, so the comments have to be there
// for whoever compiles this.
import 'vitest'
import type { CursorLeakMatchers } from '../dist/matchers/index.mjs'
import type { LeakMeta } from '../dist/vitest/plugin.mjs'

/** Vitest 5 names what a matcher returns (a promise behind `poll` and `resolves`) by a parameter that 2 to 4 lack. */
interface VitestMatchers extends Omit<CursorLeakMatchers, 'toHaveNoLeakedCursors'> {
  toHaveNoLeakedCursors(
    ...given: Parameters<CursorLeakMatchers['toHaveNoLeakedCursors']>
  ): this extends { toBeDefined: () => infer R } ? R : void
}

declare module 'vitest' {
  // @ts-ignore Vitest 3.2 and later; 5 has two parameters
  interface Matchers<T = any> extends VitestMatchers {}
  // @ts-ignore Vitest 2 to 3.1
  interface Assertion<T = any> extends VitestMatchers {}
  /** What reporters find in `task.meta`. */
  interface TaskMeta extends LeakMeta {}
}
