import type * as Mongodb from 'mongodb'

/** The driver's module. The majors share every call that is made here; what one lacks is named by `needs`. */
export type Driver = typeof Mongodb

/** What one run of a construct works on. The collections of a size hold the same documents for every driver. */
export interface Context {
  mongodb: Driver
  major: number
  /** As the package says: `7.9.0`. */
  version: string
  uri: string
  client: Mongodb.MongoClient
  /** A database of this size alone: its collections are listed by some constructs. */
  db: Mongodb.Db
  /** `{ _id: n, n, status: 'new', sku: 'sku-n', shop: n % 2, no: n, tags: ['a', 'b'] }` for n below `size`. */
  orders: Mongodb.Collection<Order>
  /** The same collection by another copy of the driver: the 4.17 inside mongoose 6. */
  elsewhere: Mongodb.Collection<Order>
  size: Size
}

export interface Order {
  _id: number
  n: number
  status: string
  sku: string
  shop: number
  no: number
  tags: string[]
}

export const SIZES = [3, 2_000] as const
export type Size = (typeof SIZES)[number]

/** Verdicts at 3 and at 2,000 documents: `clean`, a state, or several: `2 open`, `lost + open`. */
export type Pair = readonly [small: string, large: string]

/** One way of using the driver. Groups of them are plain data: a new row is one entry. */
export interface Construct {
  /** Unique, stable: names the row in the stored tables. */
  id: string
  /** The code as a reader of the table would write it. */
  title: string
  /** Whether the driver has what is used; where it has not, there is no cell. */
  needs?(context: Context): boolean
  /** Why the server's count can't be compared on every server; the verdict is still checked. */
  unproven?: string
  /** Set where more data gives no more matches, so that little and much data are the same case. */
  sameMatches?: true
  /** The verdict, and where a major (`4`) or a minor (`4.0`) differs, its own. */
  expected: Pair
  on?: Readonly<Record<string, Pair>>
  /** Does it. What it returns stays reachable until both facts are taken. */
  run(context: Context): Promise<unknown>
}

/** Same pair for both sizes. */
export const both = (verdict: string): Pair => [verdict, verdict]
export const CLEAN = both('clean')
/** Forgotten: the server is done with little data, and holds it with much. */
export const FORGOTTEN: Pair = ['abandoned', 'open']

export function expectedOf({ expected, on }: Pick<Construct, 'expected' | 'on'>, version: string): Pair {
  const [major = '', minor = ''] = version.split('.')
  return on?.[`${major}.${minor}`] ?? on?.[major] ?? expected
}
