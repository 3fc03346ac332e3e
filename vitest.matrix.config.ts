import { defineConfig } from 'vitest/config'

/** The long runs: other majors of the drivers and runners, each in a sandbox of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.matrix.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Each test runs other programs to their end: on a busy machine one of hundreds may run into its own time limit.
    retry: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Driver 5.0 closes twice by itself where a stream ends, and lets nobody handle the second close's refusal.
    onUnhandledError: ({ name, stack }) =>
      !(name === 'MongoExpiredSessionError' && /abstract_cursor\.js/.test(stack ?? '')),
  },
})
