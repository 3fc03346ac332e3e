import { defineConfig, type UserConfig } from 'tsdown'

const common: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  fixedExtension: true,
  shims: true,
  dts: true,
  // The build script empties dist once: both formats are written into it.
  clean: false,
  // Given by Jest itself, not by a package.
  deps: { neverBundle: ['@jest/globals'] },
  // What wraps the driver's methods is in these. Jest leaves frames of a folder `*jest*/build` out of the stacks that it
  // prints, Mocha those whose path has `/mocha.js`, and Vitest those with `/deps/chunk-`: the failures of the user's stay as
  // they were without us.
  outputOptions: (options) => ({
    ...options,
    chunkFileNames: `mocha.js-and-jest/build/deps/chunk-${String(options.chunkFileNames)}`,
  }),
}

/** Both formats: what is loaded by `--require` and by `--import`. */
const both = {
  index: 'src/index.ts',
  'jest-globals': 'src/jest-globals.ts',
  'matchers/index': 'src/matchers/index.ts',
  register: 'src/register.ts',
  'jest/reporter': 'src/jest/reporter.ts',
  'mocha/index': 'src/mocha/index.ts',
  'node-test/index': 'src/node-test/index.ts',
}

export default defineConfig([
  {
    ...common,
    format: 'esm',
    entry: {
      ...both,
      'chai/index': 'src/chai/index.ts',
      // In a folder `jest/build`, whose frames Jest leaves out of the stacks of failures.
      'jest/build/index': 'src/jest/index.ts',
      'cli/index': 'src/cli/index.ts',
      'vitest/index': 'src/vitest/index.ts',
      'vitest/browser': 'src/vitest/browser.ts',
      'vitest/plugin': 'src/vitest/plugin.ts',
      'vitest/global-setup': 'src/vitest/global-setup.ts',
      'vitest/reporter': 'src/vitest/reporter.ts',
    },
  },
  {
    ...common,
    format: 'cjs',
    entry: { ...both, 'chai/index': 'src/chai/require.ts', 'jest/build/index': 'src/jest/require.ts' },
  },
])
