import type { Leak, Site } from './leak.ts'

/** A leak of a running app: what one creation site left behind so far. */
export interface TracedLeak extends Leak {
  /** Milliseconds since the one used last was used. */
  idleMs: number
  /** How many of them have no stack of their own (`detail: 'sample'`) and were counted here by namespace and kind. */
  notSampled: number
  /** How many of them the collector has taken since: the server holds them until it times them out. */
  collected: number
}

/** The clients of one creation site. */
export interface ClientSite {
  createdAt: Site | undefined
  stack: string
  /** Clients built here since tracing began, and how many of them are not closed. */
  built: number
  open: number
  /** Sockets in the pools of the open ones, and how many of them are checked out; monitoring sockets not counted. */
  connections: number
  checkedOut: number
  /** Change streams of the open ones: each waits on a connection of its own. */
  changeStreams: number
  /** The most connections that one of its clients opens to a server; undefined where the driver does not tell. */
  maxPoolSize?: number | undefined
}

/** What a server counts itself, of all processes, beside what is known here. Undefined: it does not tell. */
export interface ServerCounts {
  /** As the clients' connection strings name them. */
  hosts: string
  cursors?: number | undefined
  sessions?: number | undefined
  connections?: number | undefined
  known: {
    cursors: number
    /** Explicit sessions that nobody has ended. */
    sessions: number
    /** Implicit sessions of no open cursor that clients still list: at work now, or left there by the driver. */
    implicit: number
    connections: number
  }
  /** Why it gave no counts. */
  refused?: string
}

/** What `printTrace()` prints and returns: plain JSON, without query values and credentials. */
export interface TraceReport {
  /** How many objects are probably leaked: the sum of the counts of `leaks`. */
  leaked: number
  /** By creation site, the most numerous first. */
  leaks: TracedLeak[]
  /** Change streams and tailable cursors, which wait on the server by their nature: not counted as leaked while few. */
  waiting: TracedLeak[]
  /** Open now and used a moment ago, or in the middle of a call. */
  inUse: number
  clients: ClientSite[]
  /** Objects seen being built since tracing began. */
  seen: number
  /** The servers' own counts. Undefined where nobody was asked: `printTrace()` does not wait. */
  servers?: ServerCounts[]
}
