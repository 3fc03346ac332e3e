import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeBinary, sandbox } from '../../../scripts/sandbox.mjs'
import { run } from '../../support/run.ts'
import { SUITE, type Verdicts } from '../../support/suite.ts'
import { NODE, type VITEST } from '../../versions.ts'
import { packagesOf } from '../../vitest/cells.ts'
import { type Column, read } from './column.ts'

export const HERE = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
export const BIN = path.join('node_modules', 'vitest', 'vitest.mjs')

const suite = (node: string, bin: string, cwd: string, uri: string): Promise<Verdicts> =>
  read((REPORT) =>
    run(node, [bin, 'run', 'vitest/tests.test.ts', 'vitest/file.test.ts'], { cwd, env: { MONGODB_URI: uri, REPORT } }),
  )

const inSandbox = (version: keyof typeof VITEST, node: keyof typeof NODE): Column => ({
  name: `Vitest ${version.split('.')[0]}`,
  runner: 'vitest',
  variant: version,
  async run(uri) {
    const folder = await sandbox(packagesOf(version), { files: SUITE, name: 'suite' })
    return suite(await nodeBinary(NODE[node]), BIN, folder, uri)
  },
})

export const vitestColumns: Column[] = [
  inSandbox('2.1', '20'),
  inSandbox('3.2', '20'),
  inSandbox('4.0', '20'),
  {
    name: 'Vitest 4',
    runner: 'vitest',
    variant: 'installed here',
    quick: true,
    run: (uri) => suite(process.execPath, HERE, SUITE, uri),
  },
  // Supports no Node 20.
  inSandbox('5.1', '24'),
]
