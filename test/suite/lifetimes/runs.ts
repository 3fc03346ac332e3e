import { createRequire } from 'node:module'
import path from 'node:path'
import type { RunnerName } from '../../../fixtures/suite/suite.ts'
import { verdicts } from '../../support/lifetimes.ts'
import { type Run, run } from '../../support/run.ts'
import { type Ended, SUITE, type Verdicts } from '../../support/suite.ts'
import { withReport } from '../columns/column.ts'
import { compiledHere } from '../columns/compiled.ts'
import { fromJest } from '../columns/jest.ts'

/** One runner in one version: a column of the table in docs/lifetimes.md. */
export interface Column {
  name: string
  runner: RunnerName
  run(uri: string): Promise<Verdicts>
}

const binary = (name: string, file: string): string =>
  path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)

/** Runs it, and reads the report and the warnings. The suite leaves its clients open, so each runner has to be told to end. */
async function read(work: (report: string) => Promise<Run>, parse = (text: string) => JSON.parse(text) as Ended[]) {
  let stderr = ''
  const report = await withReport(async (file) => {
    const ended = await work(file)
    stderr = ended.stderr
    return ended
  })
  return verdicts(parse(report), stderr)
}

export const vitest = (bin: string, cwd: string, uri: string, node = process.execPath): Promise<Verdicts> =>
  read((REPORT) =>
    run(node, [bin, 'run', '--config', 'lifetimes/vitest.config.ts'], { cwd, env: { MONGODB_URI: uri, REPORT } }),
  )

export const jest = (bin: string, cwd: string, uri: string): Promise<Verdicts> =>
  read(
    (file) =>
      run(
        process.execPath,
        [bin, '--json', `--outputFile=${file}`, '--forceExit', '--testMatch', '<rootDir>/jest/lifetimes/*.test.ts'],
        { cwd, env: { MONGODB_URI: uri } },
      ),
    fromJest,
  )

export const mocha = (home: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Verdicts> =>
  read((file) =>
    run(
      process.execPath,
      [
        path.join(home, 'bin/mocha.js'),
        ...['--require', 'cursorleak/mocha', '--timeout', '30000', '--exit'],
        ...['--reporter', path.join(cwd, 'mocha/reporter.cjs'), '--reporter-option', `output=${file}`],
        'mocha/lifetimes/*.test.js',
      ],
      { cwd, env },
    ),
  )

const FILES = ['bodies', 'clients', 'hooks', 'outside', 'together'].map((name) => `node-test/lifetimes/${name}.test.js`)

export const nodeTest = (node: string, cwd: string, uri: string, args: string[] = []): Promise<Verdicts> =>
  read((REPORT) =>
    run(
      node,
      [
        ...['--import', 'cursorleak/node-test', ...args, '--test', '--test-force-exit'],
        ...['--test-reporter', './node-test/reporter.mjs', '--test-reporter-destination', 'stdout'],
        ...FILES,
      ],
      { cwd, env: { MONGODB_URI: uri, REPORT } },
    ),
  )

/** Those that the root has installed. */
export const quick: Column[] = [
  { name: 'Vitest 4', runner: 'vitest', run: (uri) => vitest(binary('vitest', 'vitest.mjs'), SUITE, uri) },
  { name: 'Jest 30', runner: 'jest', run: (uri) => jest(binary('jest', 'bin/jest.js'), SUITE, uri) },
  {
    name: 'Mocha 11',
    runner: 'mocha',
    run(uri) {
      const folder = compiledHere('lifetimes-mocha', 'esm')
      const env = { MONGODB_URI: uri, NODE_PATH: path.join(folder, 'node_modules') }
      return mocha(path.dirname(binary('mocha', 'package.json')), folder, env)
    },
  },
  {
    name: `Node ${process.versions.node.split('.')[0]}`,
    runner: 'node-test',
    run: (uri) => nodeTest(process.execPath, compiledHere('lifetimes-node-test', 'esm'), uri),
  },
]
