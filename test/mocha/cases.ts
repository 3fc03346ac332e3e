import { expect, inject, test } from 'vitest'
import { type MochaRun, mocha } from './mocha.ts'

export const REQUIRE = ['--require', 'cursorleak/mocha']

const CASES: Array<[name: string, file: string, args: string[]]> = [
  [
    'only the leaking tests fail, with all that stands around them in a run',
    'orders',
    [...REQUIRE, 'test/orders.test.mjs'],
  ],
  [
    'several files in one process: what suites open is judged at the end; what they allow and configure stays theirs',
    'files',
    ['--config', 'mocharc.json', '--sort', '--ignore', 'test/orders.test.mjs'],
  ],
  [
    '--parallel',
    'parallel',
    ['--parallel', '--jobs', '2', ...REQUIRE, 'test/shared.test.cjs', 'test/configured.test.mjs'],
  ],
  ['--bail stops at the first leak', 'bail', ['--bail', ...REQUIRE, 'test/orders.test.mjs']],
  ['a root hook of the user that fails hides no leak', 'failing-hook', [...REQUIRE, 'failing-hook.test.mjs']],
  [
    'a Mocha that takes no late hooks: all leaks at the end, and one line that says so',
    'no-late-hooks',
    ['--require', './setup/no-late-hooks.cjs', ...REQUIRE, 'test/orders.test.mjs'],
  ],
]

/** Whole outputs of one Mocha. */
export function outputs(of: () => Partial<MochaRun> = () => ({})): void {
  test.each(CASES)('%s', async (_name, file, args) => {
    await expect(await mocha({ args, uri: inject('mongoUri'), ...of() })).toMatchFileSnapshot(`outputs/${file}.txt`)
  })
}
