import type { LookOptions, MatcherResult, StableOptions } from '../matchers/index.ts'
import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'
import { watched } from '../matchers/unawaited.ts'
import { NativeError } from '../native.ts'
import { frameLines } from '../report/stack-frame.ts'

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
  const ssfi = (assertion: object): never => utils.flag(assertion, 'ssfi') as never
  const judge = (assertion: object, { pass, message }: MatcherResult, asked?: Error): void => {
    if (pass !== (utils.flag(assertion, 'negate') === true)) return
    const { AssertionError } = chai
    // Its stack begins where the assertion is written.
    const error = new AssertionError(message(), {}, ssfi(assertion))
    if (asked) error.stack = [`${error.name}: ${error.message}`, ...frameLines(asked.stack)].join('\n')
    throw error
  }
  /** Taken at the call: behind an `await` no stack knows the line of the assertion any more. */
  const asking = (assertion: object): Error => {
    const error = new NativeError('asked here')
    NativeError.captureStackTrace(error, ssfi(assertion))
    return error
  }
  const add = (name: string, method: Method): void => chai.Assertion.addMethod(name, method as never)
  const received = (assertion: object): unknown => utils.flag(assertion, 'object')
  add('toHaveNoLeakedCursors', function (options?: LookOptions) {
    judge(this, toHaveNoLeakedCursors(received(this), options))
  })
  const later = (assertion: object, name: string, ask: () => Promise<MatcherResult>): Promise<void> => {
    // Asked inside: what can't be asked is a rejection, too.
    const asked = asking(assertion)
    const work = (async () => judge(assertion, await ask(), asked))()
    return watched(`${name}()`, ssfi(assertion), work)
  }
  add('toHaveNoOpenServerCursors', function () {
    return later(this, 'toHaveNoOpenServerCursors', () => toHaveNoOpenServerCursors(received(this)))
  })
  add('toHaveStableConnections', function (work: () => unknown, options?: StableOptions) {
    return later(this, 'toHaveStableConnections', () => toHaveStableConnections(received(this), work, options))
  })
}

export default cursorleak
