import type { AsyncLocalStorage } from 'node:async_hooks'
import { types } from 'node:util'
import { isPending } from './pending.ts'
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
  /** Of a file: how many of its checks a fault of ours has ended. */
  unchecked?: number
  /** Of a file: the process keeps its modules for the next file, so a singleton of theirs is not over with this one. */
  shared?: boolean
  /** Of a test: it failed by itself. */
  failed?: boolean
  /** Of a fixture that lives as long as its worker: what it leaves open is warned about, no file fails for it. */
  worker?: boolean
  /** Of a file: its fixtures that are not torn down yet, and what waits for them before Vitest 4.1. */
  fixtures?: { open: number; finish?: () => Promise<readonly Error[]> }
  /** Of a file: what its tests have failed for, left as its owner has it until the file is over. */
  reported?: Set<LiveRecord>
  /** Of a file: what hooks opened for a test and left to the file, by the lines that led to it. */
  fromHooks?: Map<string, { record: LiveRecord; test: Scope }[]>
  /** The contexts that were made of it, one for each `by`. */
  contexts?: Partial<Record<By, Context>>
}

/**
 * What of the user's runs in a context. A hook and a fixture make what tests use; a handler is an app's answer to a
 * request; a body is the test itself.
 */
export type By = 'body' | 'hook' | 'fixture' | 'handler'

/** What the store holds: whose code runs, and what of it. */
export interface Context {
  scope: Scope
  by: By
  /** A handler's: no context came with the request, so it is charged to the only test that ran then. */
  guessed?: boolean
  /** A test's fixture: its teardown may come behind the test's check. */
  fixture?: FixtureCall
  /** A hook's: what it has started goes on when the call is over, and isn't the hook any more. */
  call?: HookCall
  /** What the message has to say of how it was found. */
  note?: string
}

/** One call of a hook: whether it has returned, and what. Weakly, since a promise that is gone was settled. */
export interface HookCall {
  over?: boolean
  returned?: WeakRef<object>
  /** What a hook around others waits for: the hooks and the test inside it. */
  inside?: WeakRef<object>
}

/** One call of a fixture's function. */
export interface FixtureCall {
  /** Its teardown has come to its end. */
  over: boolean
}

/** What fixtures of a worker's scope need, and what is put off until the worker ends. */
export interface WorkerEnd {
  /** Set by the first fixture of that scope. */
  scope?: Scope
  /** Their calls that are not over. */
  calls: Set<Promise<unknown>>
  /** Files whose modules the next one gets, too: what they reported is still open. */
  files: Set<Scope>
  /** What files left to it that share their modules: a later one may still use it, and close it. */
  left?: Scope
  isAwaited: boolean
}

export interface Unawaited {
  /** The assertion, as it is written. */
  asker: string
  trace: Trace
  /** It had its answer in time, and nobody looked at it. */
  unseen?: boolean
}

export interface Scopes {
  als: AsyncLocalStorage<Context | undefined>
  file: Scope
  /** What has begun and is not over, paused ones too. */
  running: Set<Scope>
  /** Tests that are over, and whose check is under way: what is closed meanwhile is closed behind them. */
  checked: Set<Scope>
  /** This runner lets no context be set for some of its code: the only running test is charged without one. */
  guesses: boolean
}

export const newScope = (kind: Scope['kind'], name?: string): Scope => ({
  kind,
  name,
  records: new Set(),
  done: false,
  allowed: false,
})

/** The context in which code of a scope is to run: `state().als.run(contextOf(scope, 'body'), …)`. */
export function contextOf(scope: Scope, by: By): Context {
  scope.contexts ??= {}
  scope.contexts[by] ??= { scope, by }
  return scope.contexts[by]
}

/** The context of one call of a hook. */
export const hookContext = (scope: Scope): Context => ({ scope, by: 'hook', call: {} })

/**
 * Notes what a hook has returned. Nothing is chained to its promise: that would cut the stacks of its failures.
 * @param takesDone it may say by a call that it is over, which nobody sees
 */
export function noteReturn({ call }: Context, returned: unknown, takesDone: boolean): void {
  if (!call) return
  if (types.isPromise(returned)) call.returned = new WeakRef(returned)
  else if (returned === undefined && !takesDone) call.over = true
}

/** Notes what a hook around others waits for. */
export function noteInside({ call }: Context, running: unknown): void {
  if (call && types.isPromise(running)) call.inside = new WeakRef(running)
}

/**
 * A timer, loop, queue or listener that a hook has started runs in that hook's context still. While a hook around others
 * waits for them, nothing of its own code runs.
 */
const isOver = ({ over, returned, inside }: HookCall): boolean =>
  over === true || (returned !== undefined && !isPending(returned.deref())) || isPending(inside?.deref())

/** Where an object that is built now belongs, and how sure that is. */
export interface Attribution {
  scope: Scope
  /** What opened it; undefined outside of every test: a module, a `beforeAll`, a timer of theirs. */
  by?: By
  /** The test that opened it, where the scope is not that test itself. */
  test?: string | undefined
  opener?: Scope | undefined
  note?: string
  /** Of an earlier file in this process, whose verdict is out: no other file may fail for it. */
  late?: boolean
  /** What opened it is a fixture of a test. */
  fixture?: FixtureCall
  /** Charged to the only running test without proof: what waits on the server by its nature is judged with the file. */
  guessed?: boolean
}

const GUESS = 'charged to this test because no other ran when the request came in: a request does not say who sent it'

/**
 * The test whose asynchronous context this is. A request that comes in without one is the only running test's, which the
 * message calls a guess. All else without a context (a timer or loop that a `beforeAll` or a module started, a queue) is
 * the file's. A context whose test is over charges the file, and names that test: at the end of the file no test name
 * stands above the message.
 */
export function attribute(scopes: Scopes): Attribution {
  const own = scopes.als.getStore()
  if (own && !own.scope.done) {
    const { scope, by, call, guessed, fixture, note } = own
    if (call && isOver(call)) {
      return {
        scope: scopes.file,
        by,
        test: scope.name,
        note: `opened by work that a hook of the test ${quoted(scope.name)}had started`,
      }
    }
    return { scope, by, ...(guessed ? { guessed } : {}), ...(note ? { note } : {}), ...(fixture ? { fixture } : {}) }
  }
  if (own) return afterItsEnd(scopes, own)
  const [first, ...others] = runningNow(scopes)
  if (!first || first === scopes.file) return { scope: scopes.file }
  if (others.length > 0) {
    return { scope: scopes.file, note: among(others.length + 1) }
  }
  if (scopes.guesses) return { scope: first, guessed: true }
  return { scope: scopes.file, note: `opened outside of every test, while ${quoted(first.name)}ran` }
}

function afterItsEnd(scopes: Scopes, { scope, by }: Context): Attribution {
  const late = isLate(scopes, scope)
  const test = scope.kind === 'test' ? { test: scope.name } : {}
  const too = late && scope.kind === 'test' ? ', like its whole file' : ''
  const note = `opened after its ${scope.kind} ${quoted(scope.name)}was over${too}`
  return { scope: scopes.file, by, ...test, note, ...(late ? { late } : {}) }
}

/** The context of a request that comes in now: its own test's, else the only running test's, else the file's. */
export function arrived(scopes: Scopes): Context {
  const own = scopes.als.getStore()
  if (own && own.scope.kind === 'test' && !own.scope.done) return contextOf(own.scope, 'handler')
  const [first, ...others] = runningNow(scopes)
  if (first && others.length > 0) return { scope: scopes.file, by: 'handler', note: among(others.length + 1) }
  if (first?.kind !== 'test') return contextOf(scopes.file, 'handler')
  return { scope: first, by: 'handler', guessed: true, note: GUESS }
}

const among = (tests: number): string => `opened while ${tests} tests ran: which of them can't be told`

/** The tests that run at this moment. */
export const runningNow = (scopes: Scopes): Scope[] => [...scopes.running].filter((scope) => !scope.paused)

/** The test that calls: by its context, else the only running one. */
export function callingTest(scopes: Scopes): Scope | undefined {
  const own = scopes.als.getStore()?.scope
  if (own && !own.done) return own
  const [only, ...others] = runningNow(scopes)
  return others.length === 0 ? only : undefined
}

/** Like {@link attribute} for what tests often share: the file answers for it, whichever test opened it. */
export function ofFile(scopes: Scopes): Attribution {
  const own = scopes.als.getStore()
  const scope = own?.scope
  const late = scope !== undefined && isLate(scopes, scope)
  const test = scope?.kind === 'test' ? scope.name : undefined
  // A worker's fixture lives longer than the file that happens to run.
  if (own && scope?.worker && !scope.done) return { scope, by: own.by }
  return { scope: scopes.file, ...(own ? { by: own.by } : {}), opener: scope, test, ...(late ? { late } : {}) }
}

/** It belongs to an earlier file of this process. */
const isLate = (scopes: Scopes, scope: Scope): boolean =>
  scope.kind === 'file' ? scope !== scopes.file && scope.done : scope.file !== undefined && scope.file !== scopes.file

const quoted = (name: string | undefined): string => (name === undefined ? '' : `"${name}" `)
