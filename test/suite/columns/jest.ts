import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeBinary, sandbox } from '../../../scripts/sandbox.mjs'
import { pairwise } from '../../support/pairwise.ts'
import { run } from '../../support/run.ts'
import { fromJson, SUITE, type Verdicts, verdicts } from '../../support/suite.ts'
import { type Column, withReport } from './column.ts'

/** What a project with TypeScript and this major of Jest installs. */
export const JESTS: Record<string, Record<string, string>> = {
  '30': { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2', 'ts-jest': '29.4.15', typescript: '5.9.3' },
  '29': { jest: '29.7.0', 'jest-environment-jsdom': '29.7.0', 'ts-jest': '29.4.15', typescript: '5.9.3' },
  '28': { jest: '28.1.3', 'jest-environment-jsdom': '28.1.3', 'ts-jest': '28.0.8', typescript: '4.9.5' },
}
const COMMON = {
  '@babel/core': '7.28.5',
  '@babel/preset-env': '7.28.5',
  '@babel/preset-typescript': '7.28.5',
  '@swc/core': '1.16.22',
  '@swc/jest': '0.2.39',
  mongodb: '7.9.0',
}

/** A project with this major of Jest, all transformers, and the files of `files`. */
export const jestSandbox = (major: string, name: string, files = SUITE): Promise<string> =>
  sandbox({ ...JESTS[major], ...COMMON }, { files, name })

export interface Way {
  transform: string
  mode: 'cjs' | 'esm'
}

/** Runs Jest in a folder and gives its `--json` report back. */
export function runJest(
  cwd: string,
  uri: string,
  { transform, mode }: Way,
  args: string[] = [],
  node: string = process.execPath,
): Promise<string> {
  const bin = path.join(path.dirname(createRequire(`${cwd}/`).resolve('jest/package.json')), 'bin', 'jest.js')
  const flags = mode === 'esm' ? ['--experimental-vm-modules'] : []
  return withReport((file) =>
    run(node, [...flags, bin, '--json', `--outputFile=${file}`, ...args], {
      cwd,
      env: { MONGODB_URI: uri, SUITE_TRANSFORM: transform, SUITE_MODE: mode },
    }),
  )
}

async function suite(cwd: string, uri: string, way: Way, node?: string): Promise<Verdicts> {
  return verdicts(fromJson(await runJest(cwd, uri, way, [], node)))
}

const [TRANSFORMS, MODES] = [['ts-jest', 'swc', 'babel'] as const, ['cjs', 'esm'] as const]
/** Every two of major, transformer and mode meet in one of these. */
const pairs = pairwise({ major: Object.keys(JESTS), transform: TRANSFORMS, mode: MODES })

const matrix = Object.keys(JESTS).flatMap((major) =>
  TRANSFORMS.flatMap((transform) =>
    MODES.map(
      (mode): Column => ({
        name: `Jest ${major}`,
        variant: `${transform} ${mode}`,
        nightly: !pairs.some((row) => row.major === major && row.transform === transform && row.mode === mode),
        run: async (uri) => suite(await jestSandbox(major, `suite-${transform}-${mode}`), uri, { transform, mode }),
      }),
    ),
  ),
)

const otherNodes = ['22.23.3', '24.21.0', '26.10.0'].flatMap((version) =>
  MODES.map(
    (mode): Column => ({
      name: 'Jest 30',
      nightly: mode === 'esm' && !version.startsWith('26'),
      variant: `on Node ${version.split('.')[0]}, ts-jest ${mode}`,
      run: async (uri) => {
        const folder = await jestSandbox('30', `suite-node-${version}-${mode}`)
        return suite(folder, uri, { transform: 'ts-jest', mode }, await nodeBinary(version))
      },
    }),
  ),
)

export const jestColumns: Column[] = [
  ...matrix,
  ...otherNodes,
  {
    name: 'Jest 30',
    variant: 'installed here',
    quick: true,
    run: (uri) => suite(SUITE, uri, { transform: 'ts-jest', mode: 'cjs' }),
  },
]
