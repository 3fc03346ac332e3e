import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Two at least: a file waits half of its time for programs that it starts, and Vitest's own choice leaves a core idle. */
export const workers: number = Math.max(2, availableParallelism() - 1)

export default defineConfig({
  test: {
    // What `.both.ts` takes of its rows depends on the run: test/support/phase.ts.
    include: ['test/**/*.{test,both}.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: workers,
    // A whole runner as a child process takes half a minute; beside other work on the machine it takes several times that.
    testTimeout: 240_000,
    // The first run on a machine installs the server.
    hookTimeout: 300_000,
  },
})
