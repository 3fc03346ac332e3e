import type { MongoClient } from 'mongodb'
import type { Driver, Pair, Size } from './construct.ts'

/** What a server tells of itself; a row of this table is compared with one of these. */
export interface Counts {
  cursors: number
  sessions: number
  transactions: number
  connections: number
}

export interface KindContext {
  mongodb: Driver
  uri: string
  /** A client with nothing in its pools, which is not judged itself. */
  client: MongoClient
  /** The collection's name is the size's: `orders` in `shop3` and `shop2000`. */
  size: Size
  /** By how much the server's counts have grown so far. */
  grown(): Promise<Counts>
}

/** What is neither a cursor's state nor a cursor: sessions, transactions, clients, and ends that hide a cursor. */
export interface Kind {
  id: string
  title: string
  /** The server's count that is the second fact. */
  counts: keyof Counts
  /** Verdict and count at 3 and at 2,000 documents, as the cell shows them; where a major or minor differs, its own. */
  expected: Pair
  on?: Readonly<Record<string, Pair>>
  /** Does it. What it returns is the count, where the moment of the count is before its end. */
  run(context: KindContext): Promise<number | undefined>
}

/** Runs of one row whose rest is counted: a pool that gives back what was returned to it shows only in several. */
export const TIMES = 5

/** The server's count in the cell: a client has some connections, how many is the driver's own affair. */
export const countText = (counts: keyof Counts, count: number): string =>
  counts === 'connections' ? (count > 0 ? 'connected' : 'gone') : String(count)
