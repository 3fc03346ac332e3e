import { lifetimes } from '../../fixtures/suite/lifetimes/index.ts'
import type { Expected, RunnerName } from '../../fixtures/suite/suite.ts'
import { differences as differ } from './differences.ts'
import { collecting, type Ended, type Verdicts } from './suite.ts'
import { verdicts as read } from './verdicts.ts'

/**
 * The suite's part "what lives longer than a test", seen from outside. Beside tests that fail it has leaks that fail a
 * file, and warnings: both are told by the line that created what leaked.
 */
export const expected = (): Expected[] => lifetimes(collecting)

/** The verdicts of a run, by the rows' ids. */
export const verdicts = (tests: readonly Ended[], stderr: string): Verdicts => read(tests, stderr, expected())

/**
 * What of a run is not as the suite says, one line each.
 * @param without rows that this version of the runner can't express
 */
export const differences = (found: Verdicts, runner: RunnerName, without = NONE): string[] =>
  differ(
    Object.fromEntries(Object.entries(found).filter(([id]) => !without.test(id))),
    runner,
    expected().filter(({ id }) => !without.test(id)),
  )

const NONE = /(?!)/
