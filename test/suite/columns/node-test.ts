import path from 'node:path'
import { run } from '../../support/run.ts'
import { type Ended, type Verdicts, verdicts } from '../../support/suite.ts'
import { type Column, withReport } from './column.ts'
import { compiledHere, compiledIn } from './compiled.ts'

async function nodeTest(node: string, folder: string, args: readonly string[], uri: string): Promise<Verdicts> {
  const report = await withReport((file) =>
    run(
      node,
      [
        ...['--import', 'cursorleak/node-test', ...args],
        ...['--test-reporter', './node-test/reporter.mjs', '--test-reporter-destination', file],
        ...(args.includes('--test') ? ['node-test/file.test.js', 'node-test/tests.test.js'] : []),
      ],
      { cwd: folder, env: { MONGODB_URI: uri } },
    ),
  )
  return verdicts(JSON.parse(report) as Ended[])
}

const VERSIONS = { 'Node 20': '20.20.2', 'Node 22': '22.23.3', 'Node 24': '24.21.0', 'Node 26': '26.10.0' }
const WAYS = [
  { variant: 'ESM', format: 'esm', args: ['--test'] },
  { variant: 'ESM, --enable-source-maps', format: 'esm', args: ['--enable-source-maps', '--test'] },
  { variant: 'CommonJS', format: 'cjs', args: ['--test'] },
] as const

export const nodeTestColumns: Column[] = [
  {
    name: `Node ${process.versions.node.split('.')[0]}`,
    variant: 'this one',
    quick: true,
    run: (uri) => nodeTest(process.execPath, compiledHere('node-test', 'esm'), ['--test'], uri),
  },
  ...Object.entries(VERSIONS).flatMap(([name, version]) =>
    WAYS.map(({ variant, format, args }) => ({
      name,
      variant,
      async run(uri: string) {
        const dependencies = { node: version, mongodb: '7.9.0' }
        const { folder, modules } = await compiledIn(dependencies, `suite-${variant.replace(/\W+/g, '-')}`, format)
        return nodeTest(path.join(modules, 'node/bin/node'), folder, args, uri)
      },
    })),
  ),
]
