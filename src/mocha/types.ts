/** What of Mocha's objects is used. */
export interface MochaContext {
  test: {
    parent: MochaSuite
    /** Fails the current test, when this hook is over. */
    error(error: Error): void
    /** Fails this hook at once, without ending the run. */
    emit(event: 'error', error: Error): unknown
  }
  currentTest: MochaTest
  timeout(ms: number): unknown
}

export interface MochaSuite {
  suites: MochaSuite[]
  tests: MochaTest[]
  file?: string
  beforeAll(title: string, hook: MochaHook): unknown
  afterEach?(title: string, hook: MochaHook): unknown
  afterAll?(title: string, hook: MochaHook): unknown
  /** Internal: the list behind `beforeAll()`. */
  _beforeAll?: { fn?: unknown }[]
  /** Internal, too. */
  _beforeEach?: MochaRunnable[]
  _afterEach?: MochaRunnable[]
}

/** A test or a hook. */
export interface MochaRunnable {
  fn?: MochaBody
}

export interface MochaTest extends MochaRunnable {
  state?: string
  /** What it failed with: set by Mocha's reporters. */
  err?: unknown
  titlePath(): string[]
  isPending(): boolean
  currentRetry(): number
  retries(): number
}

export type MochaBody = (this: unknown, ...args: unknown[]) => unknown
export type MochaHook = (this: MochaContext) => void | Promise<void>
export type RootHooks = Partial<Record<'beforeAll' | 'beforeEach' | 'afterAll', MochaHook>>

/** Stands in Mocha's titles of our hooks: `"after all" hook: cursorleak in "{root}"`. */
export const TITLE = 'cursorleak'
