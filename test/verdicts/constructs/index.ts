import type { Construct } from '../construct.ts'
import { boundedAggregate } from './bounded-aggregate.ts'
import { boundedFind } from './bounded-find.ts'
import { commanding } from './commanding.ts'
import { copies } from './copies.ts'
import { disposing, inSessions } from './disposing.ts'
import { iterating } from './iterating.ts'
import { listing } from './listing.ts'
import { closedStarting, overlapping } from './overlapping.ts'
import { reading } from './reading.ts'
import { streaming } from './streaming.ts'
import { waiting } from './waiting.ts'

/** A part of the table. Another group of rows is one entry here. */
export interface Group {
  title: string
  constructs: readonly Construct[]
}

export const groups: readonly Group[] = [
  { title: 'Reading by hand', constructs: reading },
  { title: 'Reads that overlap before the first reply', constructs: overlapping },
  { title: 'Closed before the first reply', constructs: closedStarting },
  { title: 'Iterators', constructs: iterating },
  { title: 'Streams', constructs: streaming },
  { title: 'Bounded and unbounded finds', constructs: boundedFind },
  { title: 'Bounded and unbounded pipelines', constructs: boundedAggregate },
  { title: 'Listings and commands', constructs: listing },
  { title: 'Commands sent by hand', constructs: commanding },
  { title: 'Tailable cursors and change streams', constructs: waiting },
  { title: '`await using` and signals', constructs: disposing },
  { title: 'Sessions and transactions', constructs: inSessions },
  { title: 'Two copies of the driver in one process', constructs: copies },
]

export const constructs: readonly Construct[] = groups.flatMap((group) => group.constructs)
