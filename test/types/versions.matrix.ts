import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { packagesFolder, sandbox } from '../../scripts/sandbox.mjs'
import { eachValue, pairwise, type Row } from '../support/pairwise.ts'
import { cellsOf } from '../support/phase.ts'
import { pnpmProject } from '../support/pnpm.ts'
import { beside, CHAI, DRIVER, JEST, TYPES_OF_CHAI, TYPES_OF_JEST, TYPESCRIPT, VITEST } from '../versions.ts'
import { compile, type Setting } from './compile.ts'

const FILES = fileURLToPath(new URL('../../fixtures/types', import.meta.url))
const COMMON = { ...beside('@types/node'), ...DRIVER }

/** `expect` is not named: it comes with `@jest/globals`, as in a user's project. */
const jest = (major: keyof typeof JEST): Record<string, string> => ({
  ...COMMON,
  '@jest/globals': JEST[major],
  '@types/jest': TYPES_OF_JEST[major],
})
const chai = (major: keyof typeof CHAI): Record<string, string> => ({
  ...COMMON,
  chai: CHAI[major],
  '@types/chai': TYPES_OF_CHAI[major],
})
const RUNNERS = {
  'Vitest 2': { ...COMMON, vitest: VITEST['2.1'] },
  'Vitest 3': { ...COMMON, vitest: VITEST['3.2'] },
  'Vitest 4': { ...COMMON, vitest: VITEST['4.1'] },
  'Vitest 5': { ...COMMON, vitest: VITEST['5.1'] },
  'Jest 28': jest('28'),
  'Jest 29': jest('29'),
  'Jest 30': jest('30'),
  'Chai 4': chai('4'),
  'Chai 5': chai('5'),
  'Chai 6': chai('6'),
}
const FILE = { vitest: 'vitest.ts', global: 'jest.ts', '@jest/globals': 'jest-globals.ts', chai: 'chai.ts' }
const EXPECTS: Record<string, string[]> = { Vitest: ['vitest'], Jest: ['global', '@jest/globals'], Chai: ['chai'] }

const AXES = {
  runner: Object.keys(RUNNERS) as Array<keyof typeof RUNNERS>,
  expect: ['vitest', 'global', '@jest/globals', 'chai'],
  typescript: Object.keys(TYPESCRIPT) as Array<keyof typeof TYPESCRIPT>,
  moduleResolution: ['node10', 'node16', 'bundler'],
  skipLibCheck: ['true', 'false'],
  layout: ['npm', 'pnpm'],
} as const

// The product has 480 cells; in these every two values that can meet do meet. TypeScript 7 has no node10 any more.
const all = pairwise(
  AXES,
  ({ runner, expect, typescript, moduleResolution }) =>
    !(typescript === '7' && moduleResolution === 'node10') &&
    (!runner || !expect || EXPECTS[runner.split(' ')[0] ?? '']?.includes(expect) === true),
)
const few = eachValue(all)
const rows = cellsOf(all, (row) => few.includes(row))

const compilers = (): Promise<string> =>
  packagesFolder(
    Object.fromEntries(
      Object.entries(TYPESCRIPT).map(([version, release]) => [`typescript-${version}`, `npm:typescript@${release}`]),
    ),
  )

const installed = new Map<string, Promise<string>>()
function project({ runner, layout }: Row<typeof AXES>): Promise<string> {
  const key = `types ${runner} ${layout}`.replaceAll(' ', '-')
  const made =
    installed.get(key) ??
    (layout === 'pnpm'
      ? pnpmProject(RUNNERS[runner], FILES, key)
      : sandbox(RUNNERS[runner], { files: FILES, name: 'types' }))
  installed.set(key, made)
  return made
}

const tscOf = async (version: string): Promise<string> =>
  path.join(await compilers(), 'node_modules', `typescript-${version}`, 'bin', 'tsc')

test.each(rows)(
  '$runner, expect: $expect, TypeScript $typescript, $moduleResolution, skipLibCheck $skipLibCheck, $layout',
  async (row) => {
    const setting: Setting = {
      moduleResolution: row.moduleResolution,
      skipLibCheck: row.skipLibCheck === 'true',
      ...(row.expect === 'global' && { types: ['node', 'jest'] }),
      ...(row.typescript === '6' && { ignoreDeprecations: '6.0' }),
    }
    const files = [FILE[row.expect], 'plain.ts']
    expect(await compile(await project(row), await tscOf(row.typescript), files, setting)).toBe('')
  },
)

test.each(['5.4', '5.9'] as const)('TypeScript %s, node10 without esModuleInterop: both imports', async (version) => {
  const folder = await sandbox(RUNNERS['Chai 4'], { files: FILES, name: 'types' })
  const setting: Setting = { moduleResolution: 'node10', skipLibCheck: true, esModuleInterop: false }
  expect(await compile(folder, await tscOf(version), ['chai.ts'], setting)).toBe('')
})
