import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { storedIn } from '../support/stored.ts'
import { type JestRun, jest } from './jest.ts'

type Case = [name: string, file: string, run: Omit<JestRun, 'uri'>]

const SERIAL = ['--runInBand']
const CASES: Case[] = [
  [
    'only the leaking tests fail, each place in a block of its own; afterEach of the file may close',
    'orders',
    { args: SERIAL },
  ],
  [
    'concurrent, each, failing, done, generators, retries, fake timers, fresh modules, ESM, a leak of the file',
    'ways',
    { args: SERIAL, tests: 'ways', esm: true },
  ],
  [
    'a Jest that hides its state: leaks at the end of the file, and one line says so',
    'no-state',
    { args: [...SERIAL, 'orders', 'file'], setup: ['<rootDir>/setup/hide-state.cjs'], config: BOTH() },
  ],
  [
    'a Jest that takes no further errors: all places in one message, and one line says so',
    'no-list',
    { args: [...SERIAL, 'orders'], setup: ['<rootDir>/setup/hide-list.cjs'] },
  ],
]

/** Files of both folders of tests. */
function BOTH(): object {
  return { testMatch: ['<rootDir>/{test,ways}/*.test.cjs'] }
}

const stored = storedIn(fileURLToPath(new URL('outputs', import.meta.url)), ['30', '29', '28'])

/** Whole outputs of one Jest; they differ between its majors in what Jest itself prints. */
export function outputs(major: string, more: () => Partial<JestRun> = () => ({})): void {
  test.each(CASES)('%s', async (_name, file, run) => {
    const found = await jest({ uri: inject('mongoUri'), ...run, ...more() })
    await stored(found, major, `${file}.txt`)
  })
}

/** What is the same in every major. */
export function behaviour(more: () => Partial<JestRun> = () => ({})): void {
  const run = (options: Omit<JestRun, 'uri'>): Promise<string> =>
    jest({ uri: inject('mongoUri'), ...options, ...more() })
  const failed = (text: string): string[] => [...new Set(text.match(/^ {2}● .*$/gm) ?? [])].map((line) => line.slice(4))
  const ORDERS = ['orders › leaks', 'orders › leaks at two places']

  test.each<[string, Omit<JestRun, 'uri'>]>([
    ['injectGlobals: false', { config: { injectGlobals: false } }],
    ['resetModules: true', { config: { resetModules: true } }],
    ['a preset of the shape of @shelf/jest-mongodb', { config: { preset: './preset/jest-preset.cjs' } }],
    ['several projects', { config: { projects: [project('one'), project('two')] } }],
    [
      '--coverage',
      { args: ['--coverage', '--coverageReporters=json-summary', '--coverageDirectory=../../.cache/jest-coverage'] },
    ],
    ['workers', { args: ['--maxWorkers=2'], config: { testMatch: ['<rootDir>/{test,ways}/{orders,plain}.test.cjs'] } }],
    ['fake timers from the start', { config: { fakeTimers: { enableGlobally: true, doNotFake: NOT_FAKED } } }],
  ])('%s', async (_name, options) => {
    const text = await run(options)
    expect(failed(text)).toEqual(ORDERS)
    expect(text).toContain('--- exit 1')
    expect(text).not.toContain('did not exit')
  })

  test('--bail stops at the file that leaks', async () => {
    const text = await run({ args: ['--bail', '--runInBand'], config: BOTH() })
    expect(failed(text)).toEqual(ORDERS)
    expect(text).toMatch(/Test Suites: 1 failed, 1 of 7 total/)
  })

  test('cursorleak/jest/reporter: one summary over all files and workers', async () => {
    const text = await run({ args: ['--maxWorkers=2', '--reporters=cursorleak/jest/reporter'], config: BOTH() })
    // Which worker is first is anybody's guess; the line of a concurrent test is of Jest 28 and 29 only.
    const lines = text.split('\n').filter((line) => line && !line.startsWith('cursorleak: '))
    await expect(lines.sort().join('\n')).toMatchFileSnapshot('outputs/reporter.txt')
  })

  test('CURSORLEAK=off, and an option that cannot be used', async () => {
    expect(await run({ env: { CURSORLEAK: 'off' } })).toContain('--- exit 0')
    expect(await run({ env: { CURSORLEAK_SETTLE_MS: 'soon' } })).toContain(
      `cursorleak: environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: a whole number from 0 to 2147483647`,
    )
  })
}

// The driver itself needs these to connect.
// `performance`: Jest 28 can't fake that of Node 19 and later.
const NOT_FAKED = [
  'performance',
  'nextTick',
  'setImmediate',
  'queueMicrotask',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
]

const project = (displayName: string): object => ({
  displayName,
  rootDir: '.',
  testMatch: [displayName === 'one' ? '<rootDir>/test/*.test.cjs' : '<rootDir>/ways/plain.test.cjs'],
  setupFilesAfterEnv: ['cursorleak/jest'],
  transform: {},
})
