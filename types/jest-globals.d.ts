import '@jest/globals'
import type { CursorLeakMatchers } from '../dist/matchers/index.mjs'

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends CursorLeakMatchers<R> {}
}
