import type { LeakKind, LeakState } from '../report/leak.ts'
import type { Light } from './light.ts'
import type { Resource } from './resources/resource.ts'
import type { Scope } from './scope.ts'
import type { Trace } from './stack.ts'

/** What we know of one live driver object. Made while it is built, dropped when it ends. */
export interface LiveRecord {
  resource: Resource
  target: object
  kind: LeakKind
  trace: Trace
  scope: Scope
  builtAt: number
  test?: string | undefined
  note?: string | undefined
  guessed?: boolean | undefined
  /** The test that opened it, where the file answers for it (clients). */
  opener?: Scope | undefined
  /** Opened by work of an earlier file that went on in this process: only ever warned about. */
  late?: boolean | undefined
  /** Who ended it: the caller (`close`), its iterator, or the sweep of a closing client. */
  closedBy?: 'close' | 'iterator' | 'sweep'
  /** Its state just before the client swept it: afterwards the fields tell nothing. */
  beforeSweep?: { state: LeakState; cursorId: string | undefined; notes?: string[] | undefined }
  /** Closed while open on the server, with `confirm`: its id, and what the calls of `close()` returned. */
  early?: { id: unknown; closes: unknown[] }
  /** The server has said that it was alive after that. */
  unkilled?: true
  /** Ids (the driver's own Long objects) that `rewind()` made the driver forget while they were open on the server. */
  lostIds: unknown[]
  /** Calls that read from it, and the promise of the last one (undefined for the callback forms of driver 4). */
  uses: number
  /** An iterator that ends by itself was made: left early, it tells of that. */
  iterated?: true
  /** Where one of its later reads came from, and which read that was. */
  lastUse?: { trace: Trace; at: number }
  reads: number
  lastOperation?: unknown
  /** Streams made by `stream()`: what they have read ahead is unread by the user. */
  streams: object[]
  /** Milliseconds on our clock when it was used last; noted in a running app only. */
  usedAt?: number
  /** Set where it is held weakly. */
  light?: Light
  /** When a running app's report told of it. */
  reportedAt?: number
  /** The object that the caller holds, where it built this one later (mongoose, GridFS): set once it is found. */
  front?: LiveRecord
  /** What that report called it. */
  told?: string
  /** Reported or settled by a matcher: not to be reported again. */
  settled: boolean
  /** Settled by a matcher, whose last outcome counts: it may ask again. */
  asked?: boolean
}
