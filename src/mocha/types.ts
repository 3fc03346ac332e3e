/** What of Mocha's objects is used. */
export interface MochaContext {
  test: { parent: MochaSuite; error(error: Error): void }
  currentTest: MochaTest
  timeout(ms: number): unknown
}

export interface MochaSuite {
  suites: MochaSuite[]
  file?: string
  beforeAll(title: string, hook: MochaHook): unknown
  afterEach?(title: string, hook: MochaHook): unknown
  afterAll?(title: string, hook: MochaHook): unknown
  /** Internal: the list behind `beforeAll()`. */
  _beforeAll?: { fn?: unknown }[]
}

export interface MochaTest {
  state?: string
  titlePath(): string[]
  currentRetry(): number
  retries(): number
}

export type MochaHook = (this: MochaContext) => void | Promise<void>
export type RootHooks = Partial<Record<'beforeAll' | 'beforeEach' | 'afterAll', MochaHook>>

/** Stands in Mocha's titles of our hooks: `"after all" hook: cursorleak in "{root}"`. */
export const TITLE = 'cursorleak'
