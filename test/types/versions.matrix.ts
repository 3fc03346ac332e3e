import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { pairwise } from '../support/pairwise.ts'
import { compile, type Setting } from './compile.ts'

const FILES = fileURLToPath(new URL('../../fixtures/types', import.meta.url))
const COMMON = { '@types/node': '20.19.43', mongodb: '7.9.0' }
const COMPILERS = { '5.4': 'npm:typescript@5.4.5', '5.9': 'npm:typescript@5.9.3', '6': 'npm:typescript@6.0.2' }

const jest = (version: string, types: string): Record<string, string> => ({
  ...COMMON,
  '@jest/globals': version,
  expect: version,
  '@types/jest': types,
})
const RUNNERS = {
  'Vitest 2': { ...COMMON, vitest: '2.1.9' },
  'Vitest 3': { ...COMMON, vitest: '3.2.7' },
  'Vitest 4': { ...COMMON, vitest: '4.1.12' },
  'Vitest 5': { ...COMMON, vitest: '5.1.1' },
  'Jest 28': jest('28.1.3', '28.1.8'),
  'Jest 29': jest('29.7.0', '29.5.14'),
  'Jest 30': jest('30.0.0', '30.0.0'),
}

const rows = pairwise(
  {
    runner: ['Vitest 2', 'Vitest 3', 'Vitest 4', 'Vitest 5', 'Jest 28', 'Jest 29', 'Jest 30'],
    expect: ['vitest', 'global', '@jest/globals'],
    typescript: ['5.4', '5.9', '6'],
    moduleResolution: ['node10', 'node16', 'bundler'],
    skipLibCheck: ['true', 'false'],
  },
  (row) => !row.runner || !row.expect || row.runner.startsWith('Vitest') === (row.expect === 'vitest'),
)

test.each(rows)(
  '$runner, expect: $expect, TypeScript $typescript, $moduleResolution, skipLibCheck $skipLibCheck',
  async (row) => {
    const project = await sandbox(RUNNERS[row.runner], { files: FILES, name: 'types' })
    const compilers = await sandbox(
      Object.fromEntries(Object.entries(COMPILERS).map(([version, spec]) => [`typescript-${version}`, spec])),
      { name: 'types' },
    )
    const tsc = path.join(compilers, 'node_modules', `typescript-${row.typescript}`, 'lib', 'tsc.js')
    const setting: Setting = {
      moduleResolution: row.moduleResolution,
      skipLibCheck: row.skipLibCheck === 'true',
      ...(row.expect === 'global' && { types: ['node', 'jest'] }),
      ...(row.typescript === '6' && { ignoreDeprecations: '6.0' }),
    }
    const file = { vitest: 'vitest.ts', global: 'jest.ts', '@jest/globals': 'jest-globals.ts' }[row.expect]
    expect(await compile(project, tsc, [file, 'plain.ts'], setting)).toBe('')
  },
)
