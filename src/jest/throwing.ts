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

/** One error with the message of each, and the stack of the first. */
export function merged(errors: readonly CursorLeakError[]): CursorLeakError {
  const leaks = errors.flatMap((error) => error.leaks)
  return new CursorLeakError(errors.map(({ message }) => message).join('\n\n'), leaks, leaks[0]?.stack ?? '')
}

/** Says in the message which test it was, where no test stands above it. */
export function named(error: CursorLeakError): CursorLeakError {
  const [leak] = error.leaks
  if (leak?.test === undefined) return error
  return new CursorLeakError(`${error.message}\n  in the test: ${leak.test}`, error.leaks, leak.stack)
}
