import { NativeError } from '../native.ts'
import { groupLeaks } from '../report/group.ts'
import type { Leak } from '../report/leak.ts'
import type { Outcome } from '../runner.ts'
import { state } from '../state.ts'
import { isBlind } from '../trace/registry.ts'

/** What is used of Vitest's task objects, the same from 2 to 5. */
export interface Task {
  name: string
  fails?: boolean
  meta: LeakMeta
  suite?: Suite
  file?: TestFile
  result?: { state?: string }
}
export interface Suite {
  name: string
  suite?: Suite
  type?: string
  tasks?: ReadonlyArray<Suite>
}
export interface TestFile extends Suite {
  meta: LeakMeta
}

/** What reporters find in `task.meta`: plain data, on each test that leaked and on each file. */
export interface LeakMeta {
  /** Leaks of the test over all its attempts, or of the file outside its tests, grouped by creation site. */
  cursorLeaks?: Leak[]
  /** On files only: what was built, what the checks cost, and whether the trace was off before their end. */
  cursorleak?: { seen: number; checks: number; ms: number; blind?: true }
}

/** Adds a check's findings to the test: also where Vitest drops the error (a test that skips itself), they are known. */
export function noteTest(task: { meta: LeakMeta }, outcome: Outcome): Outcome {
  const leaks = [...outcome.fail, ...outcome.warn]
  if (leaks.length > 0) task.meta.cursorLeaks = groupLeaks([...(task.meta.cursorLeaks ?? []), ...leaks])
  return outcome
}

/** Adds the findings outside tests, and the file's numbers. */
export function noteFile(file: TestFile | undefined, outcome: Outcome): void {
  if (!file) return
  const { seen, spent } = state()
  noteTest(file, outcome)
  const ms = Math.round(spent.ms * 100) / 100
  file.meta.cursorleak = { seen: seen.cursors, checks: spent.checks, ms, ...(isBlind() ? { blind: true } : {}) }
}

/** It failed by itself, before we looked. */
export const hasFailed = ({ result }: Task): boolean => result?.state === 'fail'

/** What to throw. Nothing for a test that is expected to fail: it must not pass by its leak alone. */
export const errorsOf = (outcome: Outcome, task?: Task): readonly Error[] =>
  task?.fails ? [] : outcome.errors.map(withoutData)

/** Some reporters print every further property of an error, `leaks` as a paragraph of its own: it is in the meta data. */
function withoutData({ name, message, stack }: Error): Error {
  const error = new NativeError(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true })
  // Assigned: to define it anew V8 makes the old one first, by a `prepareStackTrace` that may throw.
  error.stack = stack ?? ''
  return error
}

/** `describe > test`, as Vitest prints it. */
export function fullName(task: Task): string {
  const names = [task.name]
  for (let parent = task.suite; parent; parent = parent.suite) if (parent.name) names.unshift(parent.name)
  return names.join(' > ')
}

/** Our own waits are bounded far below this: a short `hookTimeout` is meant for the user's hooks, not for the check. */
export const TIMEOUT_MS = 30_000
