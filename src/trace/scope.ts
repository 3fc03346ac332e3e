import type { AsyncLocalStorage } from 'node:async_hooks'
import type { LiveRecord } from './record.ts'
import type { Trace } from './stack.ts'

/** A stretch of a run that is judged at its end: one attempt of a test, or a whole file. */
export interface Scope {
  kind: 'test' | 'file'
  /** The test's full name; never part of a message, runners merge equal errors. */
  name: string | undefined
  records: Set<LiveRecord>
  done: boolean
  /** With `confirm`: cursors that were closed before their end. */
  early?: LiveRecord[]
  /** Set by `allowLeaks()`: what is opened here is nobody's fault. */
  allowed: boolean
  /** Questions to the server that nobody has waited for so far. */
  unawaited?: Set<Unawaited>
  /** A test's file. */
  file?: Scope
  /** It goes on later: a test that waits for one inside it, or another file of this process. */
  paused?: boolean
  /** Of a file: the process keeps its modules for the next file, so a singleton of theirs is not over with this one. */
  shared?: boolean
}

export interface Unawaited {
  /** The assertion, as it is written. */
  asker: string
  trace: Trace
  /** It had its answer in time, and nobody looked at it. */
  unseen?: boolean
}

export interface Scopes {
  als: AsyncLocalStorage<Scope | undefined>
  file: Scope
  /** What has begun and is not over, paused ones too. */
  running: Set<Scope>
}

export const newScope = (kind: Scope['kind'], name?: string): Scope => ({
  kind,
  name,
  records: new Set(),
  done: false,
  allowed: false,
})

/** Where an object that is built now belongs, and how sure that is. */
export interface Attribution {
  scope: Scope
  /** The test that opened it, where the scope is not that test itself. */
  test?: string | undefined
  opener?: Scope | undefined
  note?: string
  /** Of an earlier file in this process, whose verdict is out: no other file may fail for it. */
  late?: boolean
  /** Charged to the only running test without proof: what waits on the server by its nature is judged with the file. */
  guessed?: boolean
}

/**
 * The test whose asynchronous context this is; where that is empty (a request handler of a server made earlier), the
 * only running test; else the file. A context whose test is over charges the file, and names that test: at the end of
 * the file no test name stands above the message.
 */
export function attribute(scopes: Scopes): Attribution {
  const own = scopes.als.getStore()
  if (own && !own.done) return { scope: own }
  if (own) {
    const late = own.file !== undefined && own.file !== scopes.file
    const note = `opened after its test ${quoted(own.name)}was over${late ? ', like its whole file' : ''}`
    return { scope: scopes.file, test: own.name, note, ...(late ? { late } : {}) }
  }
  const [first, ...others] = runningNow(scopes)
  if (!first) return { scope: scopes.file }
  if (others.length === 0) return { scope: first, guessed: true }
  return { scope: scopes.file, note: `opened while ${others.length + 1} tests ran: which of them can't be told` }
}

/** The tests that run at this moment. */
export const runningNow = (scopes: Scopes): Scope[] => [...scopes.running].filter((scope) => !scope.paused)

/** Like {@link attribute} for what tests often share: the file answers for it, whichever test opened it. */
export function ofFile(scopes: Scopes): Attribution {
  const own = scopes.als.getStore()
  const late = own?.file !== undefined && own.file !== scopes.file
  return { scope: scopes.file, opener: own, test: own?.name, ...(late ? { late } : {}) }
}

const quoted = (name: string | undefined): string => (name === undefined ? '' : `"${name}" `)
