// biome-ignore-all lint/complexity/noBannedTypes: the parameters have to be those of @types/jest
/// <reference types="jest" />
import type { CursorLeakMatchers } from '../dist/matchers/index.cjs'

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends CursorLeakMatchers<R> {}
  }
}
