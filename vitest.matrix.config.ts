import { defineConfig } from 'vitest/config'
import { SecondTries } from './test/support/second-tries.ts'
import { workers } from './vitest.config.ts'

/** Their tests run runners and compilers to their end: on a busy machine one of hundreds may run into a time limit. */
const PROGRAMS = ['{jest,matchers,mocha,node-test,running,suite,types,vitest}/**/*', 'mongoose/pnpm']
const ofPrograms = (kinds: string): string[] => PROGRAMS.map((files) => `test/${files}.${kinds}.ts`)
const common = { testTimeout: 600_000, hookTimeout: 600_000 }

/**
 * The long runs: other majors of the drivers and runners, each in a sandbox of its own.
 * @param phase as test/support/phase.ts tells the tests
 * @param kinds of the files, as a glob
 */
export function matrix(phase: string, kinds: string) {
  const env = { CURSORLEAK_PHASE: phase }
  return defineConfig({
    test: {
      globalSetup: ['test/support/global-setup.ts'],
      maxWorkers: workers,
      reporters: ['default', new SecondTries()],
      projects: [
        { test: { ...common, env, name: 'here', include: [`test/**/*.${kinds}.ts`], exclude: ofPrograms(kinds) } },
        { test: { ...common, env, name: 'programs', include: ofPrograms(kinds), retry: 1 } },
      ],
      // Driver 5.0 closes twice by itself where a stream ends, and lets nobody handle the second close's refusal.
      onUnhandledError: (error) => {
        const { name, stack = '', VITEST_TEST_PATH: file = '' } = error as Error & { VITEST_TEST_PATH?: string }
        const isOfOldest = /test\/(verdicts|model)\/oldest\.matrix\.ts$/.test(file)
        return !(isOfOldest && name === 'MongoExpiredSessionError' && stack.includes('abstract_cursor.js'))
      },
    },
  })
}

export default matrix('matrix', '{matrix,both}')
