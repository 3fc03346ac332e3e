import type { LeakKind, LeakState } from '../../report/leak.ts'
import type { AnyFunction, Undo } from '../patch.ts'
import type { LiveRecord } from '../record.ts'

export const FIX_BUSY = 'await the work that reads it before the test ends'

/** How one kind of driver object is recognised, watched and judged. One file a kind. */
export interface Resource {
  kind: LeakKind
  /** Set where the object only stands in front of a driver object, which it builds later: that one is judged for it. */
  front?: Front
  /** The prototype in the chain that carries this kind, or undefined. Recognised by methods: bundles rename classes. */
  recognise(proto: object): boolean
  /** Wraps what has to be seen, once a prototype; returns what undoes it. */
  watch(proto: object, lookup: Lookup): Undo[]
  judge(record: LiveRecord): Verdict | undefined
  /** The functions above which the caller's stack begins, where that is not the constructor. */
  from?(target: object): AnyFunction[]
  /** Closes the object in the way its user should have; rejects where that fails. */
  close(record: LiveRecord): Promise<void>
}

/** An object of the caller's that holds a driver object of its own: see `link.ts`. */
export interface Front {
  /** The driver object, once it is built. */
  inner(target: object): unknown
  /** The class as its documentation names it. */
  operation(target: object): string
  fix(target: object): string
  /** How many documents it has read ahead of its user and still holds. */
  unread(target: object): number
  /** It has got everything from the driver object (and closed it by itself), whether its user has or not. */
  readAll(target: object): boolean
  /** Its user ended it in a way that ends the driver object too, even where that has still to come. */
  isEnded(target: object): boolean
  /** A read of its own is in flight. */
  isReading(target: object): boolean
  /** It is a stream, which reads ahead of its user. */
  isStream: boolean
}

/** What a wrapped method may tell the registry. Every call is guarded: a fault of ours never reaches the caller. */
export interface Lookup {
  record(target: object): LiveRecord | undefined
  /** Notes an object of a kind that is not noted when it is built; its stack begins above the first of `from` that runs. */
  add(resource: Resource, target: object, from: AnyFunction[]): void
  /** A call of its user's reads from it; with `from`, the function above which the caller's stack begins. */
  used(record: LiveRecord, from?: AnyFunction): void
  /** It is closed while the server holds it: with `confirm` the server is asked whether that killed it. */
  closedEarly(record: LiveRecord, id: unknown, closing: unknown): void
  /** The object was ended, by a call or by its iterator: nothing of it has to be kept. */
  ended(record: LiveRecord, by: 'close' | 'iterator'): void
  /** Something of it came to be open, or may come, after it was ended: it is judged still. */
  keep(record: LiveRecord): void
  /** The object is as new again; `lostId` is the id that was open on the server and is forgotten now. */
  revived(record: LiveRecord, lostId: unknown): void
  /** Notes every emitter that is built until `end()`. Calls nothing: each call of ours is a line in a user's stack. */
  collect(): { built: object[]; end(): void }
  /** A client is about to close: what it still holds is judged before the driver sweeps it. What closes until `end()` it closes. */
  sweep(client: object): { end(): void }
  /** A command that concerns cursors was sent: what is noted of it. */
  commanded(note: () => void): void
  /** The prototype of databases: their collections are watched for unique indexes that are created here. */
  database(proto: object): void
}

/** What an object's fields say now. */
export interface Verdict {
  state: LeakState
  namespace: string
  operation: string
  cursorId?: string | undefined
  /** How many cursors the server holds for this object, where that is not one for each `cursorId`. */
  held?: number
  documentsRead?: number | undefined
  /** `abandoned` only: how many documents the server's first batch holds at most. */
  batch?: number | undefined
  notes?: string[]
  /** First commands of it that were under way at the same time, where that is what is wrong. */
  started?: number | undefined
  /** Alive after its close by the driver's own fields, through no fault of its user's: told once, never more than warned. */
  proven?: boolean
  /** Alive after its close by the server's own word, which has killed it: to ask is to kill. */
  asked?: true
  /** Closed, and the reply to its first command has not come: kept to be judged later, told at no level. */
  unanswered?: boolean
  /** It waits on the server by its nature (tailable, change stream): never busy, and one of a shared app lives on. */
  waits?: boolean
  /** Built, and the reply to its first command is on its way or about to be: a moment later it is open. */
  starting?: boolean
  /** One sentence: what the code should do instead. */
  fix: string
  /** Fields by equality, where only the collection's indexes tell whether the result is bounded. */
  askUnique?: UniqueQuestion
}

export interface UniqueQuestion {
  /** The fields that are fixed, for each way to match: one without `$or`. */
  ways: string[][]
  /** Of these, the fields that the query's collation compares. */
  text: ReadonlySet<string>
  /** The query's filters, all of which hold: their values tell whether it lies outside of a partial index. */
  filters: readonly unknown[]
  /** Lists the collection's indexes; `undefined` where that can't be asked. */
  indexes(): Promise<IndexKey[] | undefined>
  cacheKey: string
  owner: object
}

export interface IndexKey {
  key: string[]
  unique: boolean
  /** It has a collation of its own or of its collection. */
  collated?: boolean
  /** The expression of a partial one. */
  partial?: object
  sparse?: boolean
}
