import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, inject, test } from 'vitest'
import { run, stable } from '../support/run.ts'
import { root } from './service.ts'

const cwd = path.join(root, 'fixtures/odd-errors')
const bin = (name: string): string => path.join(root, 'node_modules', name)

interface Runner {
  args: string[]
  /** What loads us. Vitest and Jest have it in their configuration. */
  ours?: string[]
  takesFile?: true
  /** How it counts at the end of a run. */
  counts: (failed: number, passed: number) => RegExp[]
}
const RUNNERS: Record<string, Runner> = {
  Mocha: {
    args: [bin('mocha/bin/mocha.js')],
    ours: ['--require', '../../dist/mocha/index.cjs'],
    takesFile: true,
    // A test whose check fails counts as passed, too.
    counts: (failed, passed) => [
      RegExp(`^\\s+${failed} failing$`, 'm'),
      RegExp(`^\\s+${passed + failed} passing`, 'm'),
    ],
  },
  'node:test': {
    args: ['--test-reporter=tap', '--test'],
    ours: ['--import', 'cursorleak/node-test'],
    takesFile: true,
    counts: (failed, passed) => [RegExp(`^# fail ${failed}$`, 'm'), RegExp(`^# pass ${passed}$`, 'm')],
  },
  Jest: {
    args: [bin('jest/bin/jest.js'), '--ci', '--runInBand'],
    counts: (failed, passed) => [RegExp(`^Tests: +${failed} failed, ${passed} passed`, 'm')],
  },
  Vitest: {
    args: [bin('vitest/vitest.mjs'), 'run'],
    counts: (failed, passed) => [RegExp(`^ +Tests +${failed} failed \\| ${passed} passed`, 'm')],
  },
}

/** Runs one of the fixture's files; the whole output. */
async function printed(name: string, file: string, env: NodeJS.ProcessEnv, flags: string[] = []) {
  const { args, ours = [], takesFile } = RUNNERS[name] as Runner
  const all = [...flags, ...(env.ODD_PLAIN ? [] : ours), ...args, ...(takesFile ? [`${file}.test.cjs`] : [])]
  // Mocha is a script: what loads us comes behind it.
  const mocha = [...flags, ...args, ...(env.ODD_PLAIN ? [] : ours), `${file}.test.cjs`]
  const { code, stdout, stderr } = await run(process.execPath, name === 'Mocha' ? mocha : all, {
    cwd,
    env: { MONGODB_URI: inject('mongoUri'), ODD_FILE: file, ...env },
  })
  return { code, text: stripVTControlCharacters(`${stdout}\n${stderr}`) }
}

const WAYS = ['frozen', 'read-only', 'throws', 'no capture', 'sites', 'object', 'fault']
const LEAK = 'FindCursor on cursorleak_odd_errors.numbers was never closed: unread documents left'

/** Of what a test may throw, what the runner itself gives no result for, with us or without. */
const [MESSAGE, STACK, NAME, CODE] = ['message', 'stack', 'name', 'code'].map((what) => `a ${what} that throws`)
const PROXIES = ['a proxy', 'a revoked proxy']
const NOT: Record<string, (string | undefined)[]> = {
  Mocha: ['no prototype', MESSAGE, STACK, NAME, ...PROXIES],
  'node:test': ['its own cause', MESSAGE, CODE, ...PROXIES],
  Jest: [MESSAGE, STACK, NAME, CODE, ...PROXIES],
  Vitest: ['its own cause', STACK, NAME, CODE],
}
const ALL = 17

describe.each(Object.keys(RUNNERS))('%s', (name) => {
  // Where no stack can be made at all, Jest itself dies.
  const ways = WAYS.filter((way) => way !== 'fault' || name !== 'Jest')
  test.each(ways)('Error is changed (%s): the leaking test fails, and only that', async (ODD) => {
    const { code, text } = await printed(name, 'leaks', { ODD })
    expect(code, text).toBeGreaterThan(0)
    expect(text).toContain(LEAK)
    for (const count of RUNNERS[name]?.counts(1, 1) ?? []) expect(text).toMatch(count)
  })

  const not = NOT[name] ?? []
  const ODD_NOT = not.join()
  test('what tests throw, whatever it is, is printed as without us', async () => {
    const shown = async (env: NodeJS.ProcessEnv) => {
      const { code, text } = await printed(name, 'thrown', { ODD_NOT, ...env })
      // Whole stacks are the business of another test: test/running/failures.test.ts.
      return stable(`${text}${code}`, cwd)
        .replace(/duration_ms.*|, estimated <time>| \(<time>\)/g, '')
        .replace(/^ +(at .*|[\w.<> ]+ \(.*\))\n/gm, '')
    }
    const without = await shown({ ODD_PLAIN: '1' })
    expect(without).toMatch(RegExp(`\\b${ALL - not.length}\\b`))
    expect(await shown({})).toBe(without)
  })

  test('such a test that leaks as well: the leak is told beside it', async () => {
    const { code, text } = await printed(name, 'thrown', { ODD_NOT, ODD_LEAK: '1' })
    expect(code).toBeGreaterThan(0)
    const failed = ALL - not.length
    const told = text.split('FindCursor on cursorleak_odd_errors.thrown was never closed').length - 1
    // Vitest prints equal errors once, under the names of all their tests.
    if (name === 'Vitest') expect(text).toMatch(RegExp(`\\[1/${2 * failed}\\]`))
    else expect(told, text).toBeGreaterThanOrEqual(failed)
  })
})

// Jest and Vitest do not start with it.
test.each(['Mocha', 'node:test'])('%s with --frozen-intrinsics: the same', async (name) => {
  const { code, text } = await printed(name, 'leaks', {}, ['--frozen-intrinsics', '--no-warnings'])
  expect(code, text).toBeGreaterThan(0)
  expect(text).toContain(LEAK)
  for (const count of RUNNERS[name]?.counts(1, 1) ?? []) expect(text).toMatch(count)
})

test.each<[string, string[]]>([
  ...WAYS.map((way): [string, string[]] => [way, []]),
  ['', ['--frozen-intrinsics', '--no-warnings']],
])('register, Error is changed (%s %j): the report has the leak', async (ODD, flags) => {
  const args = [...flags, '--import', 'cursorleak/register', 'program.cjs']
  const { code, stderr } = await run(process.execPath, args, { cwd, env: { MONGODB_URI: inject('mongoUri'), ODD } })
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 probably leaked')])
  expect(stderr).toContain('FindCursor on cursorleak_odd_errors.of_a_program')
})
