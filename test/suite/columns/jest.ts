import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeBinary, sandbox } from '../../../scripts/sandbox.mjs'
import { pairwise } from '../../support/pairwise.ts'
import { run } from '../../support/run.ts'
import { type Ended, expected, SUITE, type Verdicts } from '../../support/suite.ts'
import { verdicts } from '../../support/verdicts.ts'
import { beside, DRIVER, JEST, NODE, OF_JEST_28, TYPESCRIPT } from '../../versions.ts'
import { type Column, withReport } from './column.ts'

/** What a project with TypeScript and this major of Jest installs. */
const packagesOf = (major: Major): Record<string, string> => ({
  jest: JEST[major],
  'jest-environment-jsdom': JEST[major],
  ...(major === '28' ? OF_JEST_28 : { ...beside('ts-jest'), typescript: TYPESCRIPT['5.9'] }),
  ...beside('@babel/core', '@babel/preset-env', '@babel/preset-typescript', '@swc/core', '@swc/jest'),
  ...DRIVER,
})
type Major = keyof typeof JEST
const MAJORS: Major[] = ['28', '29', '30']

/** A project with this major of Jest, all transformers, and the files of `files`. */
export const jestSandbox = (major: Major, name: string, files = SUITE): Promise<string> =>
  sandbox(packagesOf(major), { files, name })

interface Way {
  transform: string
  mode: 'cjs' | 'esm'
}

async function suite(
  cwd: string,
  uri: string,
  { transform, mode }: Way,
  node: string = process.execPath,
): Promise<Verdicts> {
  const bin = path.join(path.dirname(createRequire(`${cwd}/`).resolve('jest/package.json')), 'bin', 'jest.js')
  const flags = mode === 'esm' ? ['--experimental-vm-modules'] : []
  const { report } = await withReport((file) =>
    run(node, [...flags, bin, '--json', `--outputFile=${file}`], {
      cwd,
      env: { MONGODB_URI: uri, SUITE_TRANSFORM: transform, SUITE_MODE: mode },
    }),
  )
  return verdicts(fromJest(report), '', expected('tests'))
}

const [TRANSFORMS, MODES] = [['ts-jest', 'swc', 'babel'] as const, ['cjs', 'esm'] as const]
/** Every two of major, transformer and mode meet in one of these. */
const pairs = pairwise({ major: MAJORS, transform: TRANSFORMS, mode: MODES })

const matrix = MAJORS.flatMap((major) =>
  TRANSFORMS.flatMap((transform) =>
    MODES.map(
      (mode): Column => ({
        name: `Jest ${major}`,
        runner: 'jest',
        variant: `${transform} ${mode}`,
        nightly: !pairs.some((row) => row.major === major && row.transform === transform && row.mode === mode),
        run: async (uri) => suite(await jestSandbox(major, `suite-${transform}-${mode}`), uri, { transform, mode }),
      }),
    ),
  ),
)

const otherNodes = (['22', '24', '26'] as const).flatMap((version) =>
  MODES.map(
    (mode): Column => ({
      name: 'Jest 30',
      runner: 'jest',
      nightly: mode === 'esm' && version !== '26',
      variant: `on Node ${version}, ts-jest ${mode}`,
      run: async (uri) => {
        const folder = await jestSandbox('30', `suite-node-${version}-${mode}`)
        return suite(folder, uri, { transform: 'ts-jest', mode }, await nodeBinary(NODE[version]))
      },
    }),
  ),
)

export const jestColumns: Column[] = [
  ...matrix,
  ...otherNodes,
  {
    name: 'Jest 30',
    runner: 'jest',
    variant: 'installed here',
    quick: true,
    run: (uri) => suite(SUITE, uri, { transform: 'ts-jest', mode: 'cjs' }),
  },
]

interface JestReport {
  testResults: Array<{
    message?: string
    assertionResults: Array<{ title: string; status: string; failureMessages?: string[] | null }>
  }>
}

/** A file's message repeats its tests' errors; its own stand under a headline of Jest's. */
export function fromJest(text: string): Ended[] {
  const { testResults } = JSON.parse(text) as JestReport
  return testResults.flatMap(({ message = '', assertionResults }) => [
    ...assertionResults.map(({ title, status, failureMessages }) => ({
      name: title,
      failed: status !== 'passed',
      texts: failureMessages ?? [],
    })),
    ...message
      .split(/^ {2}● /m)
      .filter((block) => block.startsWith('Test suite failed to run'))
      .map((block) => ({ name: 'the file', failed: true, texts: [block], outside: true })),
  ])
}
