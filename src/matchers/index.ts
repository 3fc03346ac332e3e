import { sayIfSetup } from '../wrong-setup.ts'
import type { StableOptions } from './connections.ts'
import type { LookOptions } from './look.ts'

export { type StableOptions, toHaveStableConnections } from './connections.ts'
export type { LookOptions } from './look.ts'
export { type MatcherResult, toHaveNoLeakedCursors } from './no-leaks.ts'
export { toHaveNoOpenServerCursors } from './server.ts'

sayIfSetup()

/**
 * The matchers as methods of what `expect()` returns; `R` is what a synchronous matcher returns there.
 */
export interface CursorLeakMatchers<R = void> {
  /**
   * Fails when a cursor or change stream of the received Db, Collection, MongoClient, mongoose Connection, Model or
   * mongoose itself is leaked at this moment, and shows the line that created it.
   */
  toHaveNoLeakedCursors(options?: LookOptions): R
  /** Asks the server for the cursors that it holds for the received object. To be awaited. */
  toHaveNoOpenServerCursors(): Promise<void>
  /** Runs a function several times, and fails when connections are left behind. To be awaited. */
  toHaveStableConnections(work: () => unknown, options?: StableOptions): Promise<void>
}
