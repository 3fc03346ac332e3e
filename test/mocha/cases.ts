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
  [
    "a Mocha that hides its list of hooks: one line, and what a file configures first is the whole run's",
    'no-hook-list',
    ['--require', './setup/no-hook-list.cjs', '--config', 'mocharc.json', '--sort', '--ignore', 'test/orders.test.mjs'],
  ],
]

/** Whole outputs of one Mocha. */
export function outputs(of: () => Partial<MochaRun> = () => ({})): void {
  test.each(CASES)('%s', async (_name, file, args) => {
    const found = await mocha({ args, uri: inject('mongoUri'), ...of() })
    const text = args.includes('--parallel') ? inOneOrder(found) : found
    await expect(text).toMatchFileSnapshot(`outputs/${file}.txt`)
  })
}

/** Parallel files are printed as they end, in either order: sorts what stands above the totals. */
function inOneOrder(text: string): string {
  const [, command, body = '', totals] = /^(.*)\n([\s\S]*?)\n( {2}\d+ passing[\s\S]*)$/.exec(text) ?? []
  const blocks = body.split(/\n{2,}/).map((block) => block.replace(/^\n+|\s+$/g, ''))
  return [command, blocks.filter(Boolean).sort().join('\n\n'), totals].join('\n\n\n')
}
