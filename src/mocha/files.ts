import type { Options } from '../options.ts'
import type { CursorLeakError } from '../report/error.ts'
import { endTest } from '../runner.ts'
import { sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { newScope, type Scope } from '../trace/scope.ts'
import { type MochaHook, type MochaSuite, TITLE } from './types.ts'

const NO_LIST =
  "this Mocha hides a suite's list of hooks: what the first `before` hooks of a file open, allow or configure counts as the whole run's"

/** What a test file has of its own, though it shares the process with others. */
interface File {
  scope: Scope
  configured?: Options
}

/**
 * Keeps test files apart in serial mode, where all share one process and one root suite: what the hooks of a file's
 * suites open, allow or configure is that file's. Module bodies and hooks outside a suite are the run's.
 */
export class Files {
  readonly #run: File = { scope: state().file }
  readonly #files = new Map<string, File>()
  #active = this.#run

  /** Adds to each outermost suite the hooks that switch to its file and back. */
  divide(root: MochaSuite): void {
    for (const suite of root.suites) {
      if (suite.file === undefined) continue
      const file = this.#files.get(suite.file) ?? { scope: newScope('file', suite.file) }
      this.#files.set(suite.file, file)
      const enter: MochaHook = () => this.#switchTo(file)
      suite.beforeAll(TITLE, enter)
      // First, where this Mocha keeps the list here; else the hooks before it count as the run's.
      const hooks = suite._beforeAll
      if (Array.isArray(hooks) && hooks.at(-1)?.fn === enter) hooks.unshift(...hooks.splice(-1))
      else sayOnce(NO_LIST)
      suite.afterAll?.(TITLE, () => this.#switchTo(this.#run))
    }
  }

  /** Judges what each file opened outside its tests. At the end of the run: files share modules, and may share a cursor. */
  async end(): Promise<CursorLeakError[]> {
    const errors: CursorLeakError[] = []
    for (const file of this.#files.values()) {
      this.#switchTo(file)
      errors.push(...(await endTest(file.scope)).errors)
    }
    this.#switchTo(this.#run)
    return errors
  }

  #switchTo(file: File): void {
    const current = state()
    const { options, running } = current
    this.#active.configured = options.configured
    options.configured = file.configured ?? this.#run.configured ?? {}
    delete options.cache
    // The one that is left is not over: a client that closes meanwhile may be its own.
    current.file.paused = true
    running.add(current.file)
    running.delete(file.scope)
    current.file = file.scope
    this.#active = file
  }
}
