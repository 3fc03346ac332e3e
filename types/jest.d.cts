// biome-ignore-all lint/complexity/noBannedTypes: the parameters have to be those of @types/jest
// No reference to @types/jest: without it this declares an interface that nothing uses, and is no error.
import type { CursorLeakMatchers } from '../dist/matchers/index.cjs'

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends CursorLeakMatchers<R> {}
  }
}
