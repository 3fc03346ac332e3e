import path from 'node:path'
import { nodeBinary, sandbox } from '../../../scripts/sandbox.mjs'
import { SUITE } from '../../support/suite.ts'
import { DRIVER, MOCHA, NODE, type VITEST } from '../../versions.ts'
import { packagesOf } from '../../vitest/cells.ts'
import { compiledIn } from '../columns/compiled.ts'
import { BIN } from '../columns/vitest.ts'
import { type Column, mocha, nodeTest, quick, vitest } from './runs.ts'

const vitestOf = (version: keyof typeof VITEST, node: keyof typeof NODE): Column => ({
  name: `Vitest ${version}`,
  runner: 'vitest',
  async run(uri) {
    const cwd = await sandbox(packagesOf(version), { files: SUITE, name: 'suite' })
    return vitest(BIN, cwd, uri, await nodeBinary(NODE[node]))
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

const nodeOf = (major: keyof typeof NODE): Column => ({
  name: `Node ${major}`,
  runner: 'node-test',
  nightly: major === '22' || major === '24',
  async run(uri) {
    const name = `suite-${NODE[major]}-ESM`
    const { folder } = await compiledIn(DRIVER, name, 'esm')
    return nodeTest(await nodeBinary(NODE[major]), folder, uri)
  },
})

/** Every run of the part, in the order of the table. */
export const columns: Column[] = [
  ...named('Vitest 4'),
  vitestOf('5.1', '24'),
  ...named('Jest 30'),
  mochaOf('10.8'),
  ...named('Mocha 11'),
  ...named('Node 20'),
  nodeOf('22'),
  nodeOf('24'),
  nodeOf('26'),
]

function named(name: string): Column[] {
  return quick.filter((column) => column.name === name)
}
