import { fileURLToPath } from 'node:url'
import { inject, test } from 'vitest'
import { storedIn } from '../support/stored.ts'
import { type NodeRun, node } from './node-test.ts'

const IMPORT = ['--import', 'cursorleak/node-test']
const SPEC = ['--test-reporter', 'spec', '--test-reporter-destination', 'stdout']

const CASES: Array<[name: string, file: string, args: string[]]> = [
  [
    'only the leaking tests fail, with all that stands around them in a run',
    'orders',
    [...IMPORT, '--test', ...SPEC, 'test/orders.test.mjs'],
  ],
  ['without --test, and what a suite opens', 'shared', [...IMPORT, ...SPEC, 'test/shared.test.cjs']],
  ['the docs’ example', 'shop', [...IMPORT, '--test', ...SPEC, 'test/shop.test.mjs']],
  ['TAP', 'tap', [...IMPORT, '--test', '--test-reporter', 'tap', 'test/shop.test.mjs']],
  [
    'a Node that does not show which test runs: overlapping tests are judged with their file, and one line says so',
    'no-resource',
    ['--import', './setup/no-resource.mjs', ...IMPORT, ...SPEC, 'test/orders.test.mjs'],
  ],
]

const stored = storedIn(fileURLToPath(new URL('outputs', import.meta.url)), ['20', '24', '22', '26'])

/** Whole outputs on one Node: the reporters of its majors differ, so each has its own. */
export function outputsOf(major: string, of: () => Partial<NodeRun> = () => ({})): void {
  test.each(CASES)('%s', async (_name, file, args) => {
    const found = await node({ args, uri: inject('mongoUri'), ...of() })
    await stored(found, major, `${file}.txt`)
  })
}
