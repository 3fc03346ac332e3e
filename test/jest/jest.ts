import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { run, stable } from '../support/run.ts'

export const FIXTURE = fileURLToPath(new URL('../../fixtures/jest', import.meta.url))

export interface JestRun {
  args?: string[]
  uri: string
  /** The folder of tests, below the fixture. */
  tests?: 'test' | 'ways'
  /** Setup files in front of ours. */
  setup?: string[]
  /** More of Jest's configuration. */
  config?: object
  env?: NodeJS.ProcessEnv
  esm?: boolean
  /** Flags of Node. */
  node?: string[]
  /** Another Node than this one. */
  binary?: string
  folder?: string
}

/** Runs Jest in the fixture project as a user would; the whole output, without what differs from run to run. */
export async function jest({
  args = [],
  uri,
  tests = 'test',
  setup = [],
  config = {},
  env = {},
  esm = false,
  node = [],
  binary = process.execPath,
  folder = FIXTURE,
}: JestRun): Promise<string> {
  const bin = path.join(path.dirname(createRequire(`${folder}/`).resolve('jest/package.json')), 'bin/jest.js')
  const { code, stdout, stderr } = await run(
    binary,
    [...node, ...(esm ? ['--experimental-vm-modules', '--no-warnings'] : []), bin, '--ci', ...args],
    {
      cwd: folder,
      env: {
        MONGODB_URI: uri,
        FIXTURE_TESTS: tests,
        FIXTURE_SETUP: setup.join(),
        FIXTURE_MORE: JSON.stringify(config),
        ...env,
      },
    },
  )
  // Jest reports to stderr; stdout has only what is asked for by a flag.
  const said = stdout && `--- stdout\n${stdout.trim()}\n`
  const text = stable(`$ jest ${args.join(' ')}\n${stderr.trim()}\n${said}--- exit ${code}\n`, folder)
  return text
    .replace(/ \(<time>\)$/gm, '')
    .replace(/, estimated <time>$/gm, '')
    .replace(/^ +at .*\(?node:internal\/.*\n/gm, '')
}
