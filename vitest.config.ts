import { defineConfig } from 'vitest/config'
import { workers } from './test/support/workers.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    maxWorkers: workers,
    testTimeout: 60_000,
    // The first run on a machine installs the server.
    hookTimeout: 300_000,
  },
})
