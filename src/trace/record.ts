import type { LeakKind, LeakState } from '../report/leak.ts'
import type { Light } from './light.ts'
import type { Resource, UniqueQuestion } from './resources/resource.ts'
import type { Starts } from './resources/starting.ts'
import type { By, FixtureCall, Scope } from './scope.ts'
import type { Trace } from './stack.ts'

/** What a client's close found and swept. */
export interface Sweep {
  state: LeakState
  cursorId: string | undefined
  notes?: string[] | undefined
  documentsRead?: number | undefined
  /** Closed by what sets tests up and tears them down, not by the code under test. */
  tornDown: boolean
  /** Only the collection's indexes could acquit it. */
  askUnique?: UniqueQuestion | undefined
}

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
  /** What of a test opened it; undefined outside of every test. */
  by?: By | undefined
  /** The test's fixture that opened it. */
  fixture?: FixtureCall | undefined
  /** The test that opened it, where the file answers for it (clients). */
  opener?: Scope | undefined
  /** Opened by work of an earlier file that went on in this process: only ever warned about. */
  late?: boolean | undefined
  /** Who ended it: the caller (`close`), its iterator, or the sweep of a closing client. */
  closedBy?: 'close' | 'iterator' | 'sweep'
  /** Its state just before the client swept it: afterwards the fields tell nothing. */
  beforeSweep?: Sweep
  /** Where it was closed, too, behind its client: by its owner, or by the driver. */
  behindClient?: Trace[]
  /** Closed while open on the server, with `confirm`: its id, and what the calls of `close()` returned. */
  early?: { id: unknown; closes: unknown[] }
  /** The server has said that it was alive after that. */
  unkilled?: true
  /** Ids (the driver's own Long objects) that `rewind()` made the driver forget while they were open on the server. */
  lostIds: unknown[]
  /** Its first commands, once one was sent. */
  starts?: Starts
  /** Closed while the first command was on its way: the reply may bring an id that nobody kills. */
  closedStarting?: true
  /** Calls that read from it, and the promise of the last one (undefined for the callback forms of driver 4). */
  uses: number
  /** How many of them there were when its stream was made. */
  usesBefore?: number
  /** An iterator that ends by itself was made: left early, it tells of that. */
  iterated?: true
  /** Of what stands in front: its last read is one that goes on to the end by itself. */
  loops?: boolean
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
  /** Warned about while a read of it was in flight: not again for that. */
  toldBusy?: true
  /** Found clean though its fields alone do not say so; not judged again until it is used again. */
  acquitted?: true
  /** Handed over to the file by `keep()`. */
  kept?: true
  /**
   * Reported with a failure, of this test where it was one's, else of a file: it stays as it is until its file is over.
   * `itself`: that test had failed by itself, as by its time limit.
   */
  failed?: { test?: string | undefined; file?: string | undefined; uses: number; itself?: Scope | undefined }
  /** Where its owner closed it after that. */
  ownersClose?: Trace
  /** Closed by us, after its file. */
  closedByUs?: true
  /** Reported or settled by a matcher: not to be reported again. */
  settled: boolean
  /** Settled by a matcher, whose last outcome counts: it may ask again. */
  asked?: boolean
}
