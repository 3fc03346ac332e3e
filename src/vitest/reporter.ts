import pc from 'picocolors'
import { isVerbose } from '../options.ts'
import { REPORTER } from '../report/collected.ts'
import { reachText } from '../report/reach.ts'
import { type FoundLeak, lateSummary, summary, type Totals } from '../report/summary.ts'
import { write } from '../say.ts'
import { sayIfSetup } from '../wrong-setup.ts'
import type { LeakMeta } from './meta.ts'
import { collectNotes } from './notes.ts'
import { reachProjects, type Vitest } from './projects.ts'
import { metaOf, type ReportedModule, reachedBy } from './reached.ts'

sayIfSetup()

const OURS = Symbol.for('cursorleak.reporter')

/** By a mark: Vitest may have loaded this file a second time, by its own loader. */
export const isOurs = (reporter: unknown): boolean =>
  typeof reporter === 'object' && reporter !== null && OURS in reporter

/**
 * Puts the setup file `cursorleak/vitest` into every project, and prints at the end of a run what leaked by creation site,
 * over all tests, what the checks cost, and which files were not checked. The plugin brings it along. It writes to stderr,
 * since other reporters write data to stdout.
 */
export default class CursorLeakReporter {
  readonly #notes = collectNotes((leaks) => print(lateSummary(leaks)))
  readonly [OURS] = true
  #vitest: Vitest | undefined

  constructor() {
    // Workers are started later and inherit it.
    process.env[REPORTER] = '1'
  }

  /** Called by Vitest when its projects are resolved, before any test. */
  onInit(vitest: Vitest): void {
    this.#vitest = vitest
    reachProjects(vitest)
  }

  /** Called by Vitest 3 and later, in watch mode after each run with the modules of that run. */
  onTestRunEnd(modules: ReadonlyArray<ReportedModule>): void {
    const reach = reachText(reachedBy(modules, this.#vitest), isVerbose())
    const totals = totalsOf(modules)
    const { leaks, waits } = this.#notes()
    const found = summary({ ...totals, leaks: [...totals.leaks, ...leaks], waits })
    print([...found, ...reach])
  }
}

function print([first, ...rest]: string[]): void {
  if (first === undefined) return
  write(`\n${[`${pc.bold('cursorleak')}  ${first}`, ...rest].join('\n')}\n`)
}

/** Adds up what the setup file has left in the tasks' meta data. */
export function totalsOf(modules: ReadonlyArray<ReportedModule>): Totals {
  const leaks: FoundLeak[] = []
  const totals = { leaks, seen: 0, ms: 0 }
  for (const module of modules) {
    const own = metaOf(module)
    const tests = [...module.children.allTests()].map((test) => test.meta() as LeakMeta)
    const file = module.moduleId ?? ''
    for (const meta of [own, ...tests]) for (const leak of meta.cursorLeaks ?? []) leaks.push({ ...leak, file })
    totals.seen += own.cursorleak?.seen ?? 0
    totals.ms += own.cursorleak?.ms ?? 0
  }
  return totals
}
