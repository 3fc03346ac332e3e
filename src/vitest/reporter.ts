import pc from 'picocolors'
import { REPORTER } from '../report/collected.ts'
import { type FoundLeak, summary, type Totals } from '../report/summary.ts'
import type { LeakMeta } from './meta.ts'
import { collectNotes } from './notes.ts'

/** What is used of Vitest's reported tasks (3 and later). */
export interface ReportedModule {
  readonly moduleId?: string
  readonly children: { allTests(): Iterable<{ meta(): object }> }
  /** From Vitest 3.2 on. */
  meta?(): object
  readonly task?: { readonly meta: object }
}

/**
 * Prints at the end of a run what leaked by creation site, over all tests, and what the checks cost. Needs the setup file
 * `cursorleak/vitest`; the plugin adds both. It writes to stderr, since other reporters write data to stdout.
 */
export default class CursorLeakReporter {
  readonly #notes = collectNotes()

  constructor() {
    // Workers are started later and inherit it.
    process.env[REPORTER] = '1'
  }

  /** Called by Vitest 3 and later, in watch mode after each run with the modules of that run. */
  onTestRunEnd(modules: ReadonlyArray<ReportedModule>): void {
    const totals = totalsOf(modules)
    const [first, ...rest] = summary({ ...totals, leaks: [...totals.leaks, ...this.#notes()] })
    if (first === undefined) return
    process.stderr.write(`\n${[`${pc.bold('cursorleak')}  ${first}`, ...rest].join('\n')}\n\n`)
  }
}

/** Adds up what the setup file has left in the tasks' meta data. */
export function totalsOf(modules: ReadonlyArray<ReportedModule>): Totals {
  const leaks: FoundLeak[] = []
  const totals = { leaks, seen: 0, ms: 0 }
  for (const module of modules) {
    const own = (module.meta?.() ?? module.task?.meta ?? {}) as LeakMeta
    const tests = [...module.children.allTests()].map((test) => test.meta() as LeakMeta)
    const file = module.moduleId ?? ''
    for (const meta of [own, ...tests]) for (const leak of meta.cursorLeaks ?? []) leaks.push({ ...leak, file })
    totals.seen += own.cursorleak?.seen ?? 0
    totals.ms += own.cursorleak?.ms ?? 0
  }
  return totals
}
