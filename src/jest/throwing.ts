import { CursorLeakError } from '../report/error.ts'

/** What is used of Jest's `expect`: public, but `suppressedErrors` is not documented. */
export interface Expect {
  getState(): { currentTestName?: string; testPath?: string; suppressedErrors?: unknown }
  setState(state: { suppressedErrors: unknown[] }): void
}

/**
 * Fails the running test with one block for each creation site: the first error is thrown, the others are handed to Jest
 * as errors that were not thrown. Where this Jest knows no such list, one error says all.
 * @param onMerged called where it comes to that
 */
export function throwAll(errors: readonly CursorLeakError[], expect: Expect, onMerged: () => void): void {
  const [first, ...rest] = errors
  if (!first) return
  if (rest.length === 0) throw first
  const { suppressedErrors } = expect.getState()
  if (!Array.isArray(suppressedErrors)) {
    onMerged()
    throw merged(errors)
  }
  expect.setState({ suppressedErrors: [...suppressedErrors, ...rest] })
  throw first
}

/** One error that says which test each place leaked in, and has the stack of the first. */
export function merged(errors: readonly CursorLeakError[]): CursorLeakError {
  const leaks = errors.flatMap((error) => error.leaks)
  const texts = errors.map(({ message, leaks: [leak] }) =>
    leak?.test ? `${message}\n  in the test: ${leak.test}` : message,
  )
  return new CursorLeakError(texts.join('\n\n'), leaks, leaks[0]?.stack ?? '')
}
