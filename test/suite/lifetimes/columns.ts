import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeBinary, sandbox } from '../../../scripts/sandbox.mjs'
import { SUITE } from '../../support/suite.ts'
import { DRIVER, type JEST, MOCHA, NODE, type VITEST } from '../../versions.ts'
import { packagesOf } from '../../vitest/cells.ts'
import { compiledIn } from '../columns/compiled.ts'
import { jestSandbox } from '../columns/jest.ts'
import { BIN } from '../columns/vitest.ts'
import { type Column, jest, mocha, nodeTest, quick, vitest } from './runs.ts'

/** Hooks around tests and fixtures that are built came with 4.1, fixtures with a scope with 3.2. */
const BEFORE_4_1 = /^(around-|fixture-built)/

const vitestOf = (version: keyof typeof VITEST, node: keyof typeof NODE, without?: RegExp): Column => ({
  name: `Vitest ${version}`,
  runner: 'vitest',
  nightly: version === '4.0',
  ...(without ? { without } : {}),
  async run(uri) {
    const cwd = await sandbox(packagesOf(version), { files: SUITE, name: 'suite' })
    const more = without ? ['--exclude', 'vitest/lifetimes/around.test.ts'] : []
    return vitest(BIN, cwd, uri, await nodeBinary(NODE[node]), more)
  },
})

const jestOf = (major: keyof typeof JEST, without: RegExp): Column => ({
  name: `Jest ${major}`,
  runner: 'jest',
  nightly: true,
  without,
  async run(uri) {
    const cwd = await jestSandbox(major, 'suite-ts-jest-cjs')
    const home = path.dirname(createRequire(`${cwd}/`).resolve('jest/package.json'))
    return jest(path.join(home, 'bin', 'jest.js'), cwd, uri)
  },
})

const mochaOf = (version: keyof typeof MOCHA): Column => ({
  name: `Mocha ${version.split('.')[0]}`,
  runner: 'mocha',
  async run(uri) {
    const { folder, modules } = await compiledIn({ mocha: MOCHA[version], ...DRIVER }, 'suite-ESM', 'esm')
    return mocha(path.join(modules, 'mocha'), folder, { MONGODB_URI: uri })
  },
})

const nodeOf = (major: keyof typeof NODE, isolation?: string): Column => ({
  name: `Node ${major}${isolation ? ', one process' : ''}`,
  runner: 'node-test',
  nightly: !isolation && (major === '22' || major === '24'),
  async run(uri) {
    const name = `suite-${NODE[major]}-${isolation ? 'one-process' : 'ESM'}`
    const { folder } = await compiledIn(DRIVER, name, 'esm')
    return nodeTest(await nodeBinary(NODE[major]), folder, uri, isolation ? [isolation] : [])
  },
})

/** Every run of the part, in the order of the table. */
export const columns: Column[] = [
  vitestOf('3.2', '20', BEFORE_4_1),
  vitestOf('4.0', '20', BEFORE_4_1),
  ...named('Vitest 4'),
  vitestOf('5.1', '24'),
  // Its concurrent tests start before `beforeAll`.
  jestOf('29', /^together(-too)?$/),
  ...named('Jest 30'),
  mochaOf('10.8'),
  ...named('Mocha 11'),
  mochaOf('12.0'),
  ...named('Node 20'),
  nodeOf('22'),
  nodeOf('24'),
  nodeOf('24', '--test-isolation=none'),
  nodeOf('26'),
]

function named(name: string): Column[] {
  return quick.filter((column) => column.name === name)
}
