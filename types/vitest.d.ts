// biome-ignore-all lint/suspicious/noExplicitAny: the parameters have to be those of Vitest
// Written by hand: the parameters of these interfaces differ between Vitest 2 and 5, so the comments have to be there
// for whoever compiles this.
import 'vitest'
import type { CursorLeakMatchers } from '../dist/matchers/index.mjs'
import type { LeakMeta } from '../dist/vitest/plugin.mjs'

declare module 'vitest' {
  // @ts-ignore Vitest 3.2 and later; 5 has two parameters
  interface Matchers<T = any> extends CursorLeakMatchers {}
  // @ts-ignore Vitest 2 to 3.1
  interface Assertion<T = any> extends CursorLeakMatchers {}
  /** What reporters find in `task.meta`. */
  interface TaskMeta extends LeakMeta {}
}
