export { configure, type IgnorePredicate, type IgnoreRule, type Levels, type Options } from './options.ts'
export { CursorLeakError } from './report/error.ts'
export type { Leak, LeakKind, LeakLevel, LeakState, Site } from './report/leak.ts'
export { allowLeaks, isTracing, leaks, startTrace, stopTrace } from './trace.ts'
