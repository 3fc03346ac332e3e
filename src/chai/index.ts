import type { LookOptions, MatcherResult, StableOptions } from '../matchers/index.ts'
import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'

type Method = (this: object, ...args: never[]) => unknown

/** What is used of Chai 4 to 6; what is handed to it is `never`, since its own types say more of that than is needed. */
interface ChaiStatic {
  AssertionError: new (text: string, properties: object, above: never) => Error
  Assertion: { addMethod(name: string, method: never): void }
}
interface ChaiUtils {
  flag(assertion: object, key: string): unknown
}

/**
 * A plugin for Chai 4 to 6: `chai.use(cursorleak)` adds `expect(db).toHaveNoLeakedCursors()`, and the two matchers that
 * ask the server and count connections, which have to be awaited.
 */
export function cursorleak(chai: ChaiStatic, utils: ChaiUtils): void {
  const judge = (assertion: object, { pass, message }: MatcherResult): void => {
    if (pass !== (utils.flag(assertion, 'negate') === true)) return
    const { AssertionError } = chai
    // Its stack begins where the assertion is written.
    throw new AssertionError(message(), {}, utils.flag(assertion, 'ssfi') as never)
  }
  const add = (name: string, method: Method): void => chai.Assertion.addMethod(name, method as never)
  const received = (assertion: object): unknown => utils.flag(assertion, 'object')
  add('toHaveNoLeakedCursors', function (options?: LookOptions) {
    judge(this, toHaveNoLeakedCursors(received(this), options))
  })
  add('toHaveNoOpenServerCursors', async function () {
    judge(this, await toHaveNoOpenServerCursors(received(this)))
  })
  add('toHaveStableConnections', async function (work: () => unknown, options?: StableOptions) {
    judge(this, await toHaveStableConnections(received(this), work, options))
  })
}

export default cursorleak
