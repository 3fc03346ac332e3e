import type { CursorLeakMatchers } from '../dist/matchers/index.cjs'

declare global {
  namespace Chai {
    interface Assertion extends CursorLeakMatchers {}
  }
}

/** A plugin for Chai 4 to 6: `chai.use(cursorleak)`. */
declare function cursorleak(...given: Parameters<typeof import('../dist/chai/index.cjs')>): void
declare namespace cursorleak {
  export { cursorleak, cursorleak as default }
}
export = cursorleak
