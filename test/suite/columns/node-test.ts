import { nodeBinary } from '../../../scripts/sandbox.mjs'
import { run } from '../../support/run.ts'
import type { Verdicts } from '../../support/suite.ts'
import { beside, DRIVER, NODE } from '../../versions.ts'
import { type Column, read } from './column.ts'
import { compiledHere, compiledIn, sourcesIn } from './compiled.ts'

/** @param extension of the test files */
function nodeTest(
  node: string,
  folder: string,
  args: readonly string[],
  extension: 'js' | 'ts',
  uri: string,
): Promise<Verdicts> {
  return read((file) =>
    run(
      node,
      [
        ...['--import', 'cursorleak/node-test', ...args, '--test'],
        ...['--test-reporter', './node-test/reporter.mjs', '--test-reporter-destination', file],
        ...[`node-test/file.test.${extension}`, `node-test/tests.test.${extension}`],
      ],
      { cwd: folder, env: { MONGODB_URI: uri } },
    ),
  )
}

interface Way {
  variant: string
  format: 'esm' | 'cjs' | 'ts'
  args?: string[]
  tsx?: boolean
}
const COMPILED: Way[] = [
  { variant: 'ESM', format: 'esm' },
  { variant: 'ESM, --enable-source-maps', format: 'esm', args: ['--enable-source-maps'] },
  { variant: 'CommonJS', format: 'cjs' },
]
const VERSIONS: Array<{ version: string; ways: Way[] }> = [
  // Runs no TypeScript and no two files in one process by itself.
  {
    version: NODE['20'],
    ways: [...COMPILED, { variant: 'tsx', format: 'ts', args: ['--import', 'tsx'], tsx: true }],
  },
  ...[
    [NODE['22'], '--experimental-test-isolation=none'],
    [NODE['24'], '--test-isolation=none'],
    [NODE['26'], '--test-isolation=none'],
  ].map(([version = '', isolation = '']) => ({
    version,
    ways: [
      ...COMPILED,
      { variant: 'TypeScript', format: 'ts' as const },
      { variant: 'one process', format: 'esm' as const, args: [isolation] },
    ],
  })),
]
const nameOf = (version: string): string => `Node ${version.split('.')[0]}`

export const nodeTestColumns: Column[] = [
  ...VERSIONS.flatMap(({ version, ways }) =>
    ways.map(({ variant, format, args = [], tsx }) => ({
      name: nameOf(version),
      runner: 'node-test' as const,
      variant,
      async run(uri: string) {
        const dependencies = { ...DRIVER, ...(tsx ? beside('tsx') : {}) }
        const project = `suite-${version}-${variant.replace(/\W+/g, '-')}`
        const { folder } = await (format === 'ts'
          ? sourcesIn(dependencies, project)
          : compiledIn(dependencies, project, format))
        return nodeTest(await nodeBinary(version), folder, args, format === 'ts' ? 'ts' : 'js', uri)
      },
    })),
  ),
  {
    name: nameOf(process.versions.node),
    runner: 'node-test',
    variant: 'this one',
    quick: true,
    run: (uri) => nodeTest(process.execPath, compiledHere('node-test', 'esm'), [], 'js', uri),
  },
]
