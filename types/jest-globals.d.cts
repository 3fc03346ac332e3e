import '@jest/globals'
import type { CursorLeakMatchers } from '../dist/matchers/index.cjs'

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends CursorLeakMatchers<R> {}
}
