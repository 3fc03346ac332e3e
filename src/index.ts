import { sayIfSetup } from './wrong-setup.ts'

export { askTrace, type PrintOptions, printTrace } from './app/print.ts'
export type { LookOptions } from './matchers/look.ts'
export { assertNoLeakedCursors } from './matchers/no-leaks.ts'
export { configure, type IgnorePredicate, type IgnoreRule, type Levels, type Options } from './options.ts'
export { CursorLeakError } from './report/error.ts'
export type { Leak, LeakKind, LeakLevel, LeakState, Site } from './report/leak.ts'
export type { ClientSite, ServerCounts, TracedLeak, TraceReport } from './report/traced.ts'
export { keep } from './trace/hand-over.ts'
export { instrument } from './trace/instrument.ts'
export { allowLeaks, isTracing, leaks, startTrace, stopTrace } from './trace.ts'

sayIfSetup()
