import { options } from '../options.ts'
import { CursorLeakError } from '../report/error.ts'
import { userFrames } from '../report/frames.ts'
import { mapped } from '../report/source.ts'
import { capture, stackText } from '../trace/stack.ts'
import { from } from './from.ts'
import { type LookOptions, look } from './look.ts'
import { leaked, notLeaked } from './text.ts'

/** What `expect.extend()` of Vitest and Jest takes back from a matcher. */
export interface MatcherResult {
  pass: boolean
  message: () => string
}

/**
 * Fails when a cursor or change stream of the received object is leaked at this moment. Synchronous: it neither waits nor
 * asks the server, so a `close()` that has been called counts as closed. What it reports, and what `.not` asked for, is
 * not reported again at the end of the test.
 * @param received a Db, Collection or MongoClient of any driver 4 to 7, or a mongoose Connection, Model or mongoose itself
 * @param wanted `{ scope: 'all' }` looks at what other tests opened that run at the same time, too
 * @throws a TypeError for anything else received, an Error where tracing is not on: with `.not`, too
 */
export function toHaveNoLeakedCursors(received: unknown, wanted?: LookOptions): MatcherResult {
  const found = from(toHaveNoLeakedCursors, () => look(received, wanted, 'toHaveNoLeakedCursors()'))
  const pass = found.leaks.length === 0
  return { pass, message: () => (pass ? notLeaked(found) : leaked(found, options().maxReported)) }
}

/**
 * The same question without a matcher, for node:test and everything else.
 * @param target a Db, Collection or MongoClient of any driver 4 to 7, or a mongoose Connection, Model or mongoose itself
 * @param wanted `{ scope: 'all' }` looks at what other tests opened that run at the same time, too
 * @throws a {@link CursorLeakError} with the data in `leaks` when something is leaked at this moment; a TypeError for any
 *   other target; an Error where tracing is not on
 */
export function assertNoLeakedCursors(target: unknown, wanted?: LookOptions): void {
  const found = from(assertNoLeakedCursors, () => look(target, wanted, 'assertNoLeakedCursors()'))
  if (found.leaks.length === 0) return
  const { maxReported, stackDepth } = options()
  const frames = userFrames(mapped(stackText(capture(assertNoLeakedCursors, stackDepth))), false)
  throw new CursorLeakError(leaked(found, maxReported), found.leaks, frames.join('\n'))
}
