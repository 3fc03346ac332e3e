import type { LookOptions, MatcherResult, StableOptions } from '../matchers/index.ts'
import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'

/** What is used of Chai 4 to 6. */
interface ChaiStatic {
  AssertionError: new (text: string, properties: object, above: unknown) => Error
  Assertion: { addMethod(name: string, method: (this: object, ...args: never[]) => unknown): void }
}
interface ChaiUtils {
  flag(assertion: object, key: string): unknown
}

/**
 * A plugin for Chai 4 to 6: `chai.use(cursorleak)` adds `expect(db).toHaveNoLeakedCursors()`, and the two matchers that
 * ask the server and count connections, which have to be awaited.
 */
export default function cursorleak(chai: ChaiStatic, utils: ChaiUtils): void {
  const judge = (assertion: object, { pass, message }: MatcherResult): void => {
    if (pass !== (utils.flag(assertion, 'negate') === true)) return
    const { AssertionError } = chai
    // Its stack begins where the assertion is written.
    throw new AssertionError(message(), {}, utils.flag(assertion, 'ssfi'))
  }
  const received = (assertion: object): unknown => utils.flag(assertion, 'object')
  chai.Assertion.addMethod('toHaveNoLeakedCursors', function (options?: LookOptions) {
    judge(this, toHaveNoLeakedCursors(received(this), options))
  })
  chai.Assertion.addMethod('toHaveNoOpenServerCursors', async function () {
    judge(this, await toHaveNoOpenServerCursors(received(this)))
  })
  chai.Assertion.addMethod('toHaveStableConnections', async function (work: () => unknown, options?: StableOptions) {
    judge(this, await toHaveStableConnections(received(this), work, options))
  })
}
