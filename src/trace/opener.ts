import type { By } from './scope.ts'

const OF: Partial<Record<By, string>> = { hook: 'a hook of ', handler: 'a request of ', fixture: 'a fixture of ' }

/** Which test opened what its file answers for: at the end of a file no test's name stands above the message. */
export const openedBy = (by: By | undefined, test: string | undefined): string =>
  `opened by ${(by && OF[by]) ?? ''}${test === undefined ? 'a test' : `the test "${test}"`}`
