import cursorleak from '../dist/chai/index.mjs'
import type { CursorLeakMatchers } from '../dist/matchers/index.mjs'

declare global {
  namespace Chai {
    interface Assertion extends CursorLeakMatchers {}
  }
}

export { cursorleak, cursorleak as default }
