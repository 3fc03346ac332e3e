/** What kind of driver object was left behind. An open list: later versions may add kinds. */
export type LeakKind = 'cursor' | 'changeStream' | 'session' | 'client'

/**
 * What the object's own fields, or the server, say of it at the check. An open list: later versions may add states.
 *
 * - `idle`: built, never sent to the server
 * - `open`: the server holds it, nobody closed it and nobody reads it any more
 * - `abandoned`: the server is done only because the data was small; unread documents remain and nobody closed it
 * - `lost`: the driver forgot the id without killing it: `rewind()` while open, or reads that overlapped before the first
 *   reply (`started` tells)
 * - `busy`: an operation is in flight, or it moved on during the settle time
 * - `swept`: open until `client.close()` swept it
 * - `unfinished`: read part of the way, nothing unread, never saw the end
 * - `unkilled`: closed here, alive on the server (known by the driver's fields where it was closed before the first reply,
 *   else only with `confirm`)
 */
export type LeakState = 'idle' | 'open' | 'abandoned' | 'lost' | 'busy' | 'swept' | 'unfinished' | 'unkilled'

/** What happens to a leak: `fail` fails the test, `warn` prints it, `off` says nothing. */
export type LeakLevel = 'fail' | 'warn' | 'off'

/** A place in the user's code, source-mapped where a map is known. Line and column count from 1. */
export interface Site {
  file: string
  line: number
  column: number
  /** The function's name as the engine prints it, or `<anonymous>`. */
  function: string
}

/** One leaked object, or several from one creation site, as plain JSON. It holds no query value and no credential. */
export interface Leak {
  kind: LeakKind
  state: LeakState
  level: LeakLevel
  /** `database.collection`; a change stream on a whole deployment has `admin`. */
  namespace: string
  /** The class or call as the field names it: `FindCursor`, `AggregationCursor`, `ChangeStream`, … */
  operation: string
  /** First frame of the user's code; undefined where every frame belongs to the driver, the runner or Node. */
  createdAt: Site | undefined
  /** The creation stack's frames, trimmed: lines of the form `    at fn (file:line:column)`. */
  stack: string
  /** Where it was read last, when it lived past its first use. */
  lastUse?: Site
  /** Reads that came after `lastUse`: its place is taken at the second to fourth read and at every power of two. */
  usesSince?: number
  /** First commands that were under way at the same time, where reads that nobody awaited are what is wrong. */
  started?: number
  /** `unkilled` only: known by a question to the server (`confirm`), which has killed it. */
  asked?: true
  /** Where the second of these was started. */
  startedAgain?: Site
  /** Documents handed to the caller; undefined where the driver's version does not tell. */
  documentsRead: number | undefined
  /** `abandoned` only: the most documents that the server sends at once; with more than these it stays open there. */
  batch?: number
  /** The server's cursor id as a decimal string; undefined when the server holds none. */
  cursorId?: string
  /** Milliseconds since it was built. */
  ageMs: number
  /** The test that opened it, where that is known. */
  test?: string
  /** How many objects of this kind and state the site left behind. */
  count: number
  /** What the code should do instead, in one sentence. */
  fix: string
  /** Remarks for a human, one sentence each: `it never times out on the server`, … */
  notes: string[]
}
