import { lifetimes } from '../../fixtures/suite/lifetimes/index.ts'
import type { Expected, RunnerName } from '../../fixtures/suite/suite.ts'
import { differences as differ } from './differences.ts'
import { collecting, type Ended, type Verdicts } from './suite.ts'
import { verdicts as read } from './verdicts.ts'

/** What an older Vitest has not: fixtures of a scope, and their builder. */
export type Missing = 'extend' | 'build'

/**
 * The suite's part "what lives longer than a test", seen from outside. Beside tests that fail it has leaks that fail a
 * file, and warnings: both are told by the line that created what leaked.
 */
export function expected(without: readonly Missing[] = []): Expected[] {
  const all = { ...collecting }
  for (const name of without) delete all[name]
  return lifetimes(all)
}

/** Whether a runner has a way to write that row. */
export const canExpress = ({ only }: Expected, runner: RunnerName): boolean => !only || only.includes(runner)

/** The verdicts of a run, by the rows' ids. */
export const verdicts = (tests: readonly Ended[], stderr: string): Verdicts => read(tests, stderr, expected())

/** What of a run is not as the suite says, one line each. */
export const differences = (found: Verdicts, runner: RunnerName, without: readonly Missing[] = []): string[] =>
  differ(found, runner, expected(without))
