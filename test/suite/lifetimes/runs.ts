import { createRequire } from 'node:module'
import path from 'node:path'
import type { RunnerName } from '../../../fixtures/suite/suite.ts'
import { verdicts } from '../../support/lifetimes.ts'
import { type Run, run, stable } from '../../support/run.ts'
import { type Ended, SUITE, type Verdicts } from '../../support/suite.ts'
import { withReport } from '../columns/column.ts'
import { compiledHere } from '../columns/compiled.ts'
import { fromJest } from '../columns/jest.ts'
import { HERE } from '../columns/vitest.ts'

/** One runner in one version: a column of the table in docs/runners-lifetimes.md. */
export interface Column {
  name: string
  runner: RunnerName
  /** What it shows is shown by other columns, too: only nightly. */
  nightly?: boolean
  /** Rows that this version has no way to write, though its runner has. */
  without?: RegExp
  run(uri: string): Promise<Seen>
}

/** What a run came to, and all that its user saw of it. */
export interface Seen {
  verdicts: Verdicts
  output: string
}

const binary = (name: string, file: string): string =>
  path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file)

/** Runs it, and reads the report and the warnings. The suite leaves its clients open, so each runner has to be told to end. */
async function read(
  cwd: string,
  work: (report: string) => Promise<Run>,
  parse = (text: string) => JSON.parse(text) as Ended[],
): Promise<Seen> {
  const { report, stdout, stderr } = await withReport(work)
  const output = stable(`${stdout}\n----- stderr -----\n${stderr}`, cwd)
  return { verdicts: verdicts(parse(report), stderr), output: repeatable(output) }
}

/** How far a loop came that goes on is the machine's matter; Jest tells where its report is. */
const repeatable = (output: string): string =>
  output
    .replace(/(cursorleak_suite_[a-z]+)(?:_\d+)+/g, '$1')
    .replace(/(?<=still being read when the test ended), \d+ documents? read/g, ', <n> documents read')
    .replace(/^( +)(?:last )?read at (loop \(.*?\)).*$/gm, '$1read at $2')
    .replace(/(?<=^ℹ duration_ms ).*$/m, '<time>')
    .replace(/(?<=^Test results written to: ).*$/m, '<report>')

export const vitest = (
  bin: string,
  cwd: string,
  uri: string,
  node = process.execPath,
  more: readonly string[] = [],
): Promise<Seen> =>
  read(cwd, (REPORT) =>
    run(node, [bin, 'run', '--config', 'lifetimes/vitest.config.ts', ...more], {
      cwd,
      env: { MONGODB_URI: uri, REPORT },
    }),
  )

export const jest = (bin: string, cwd: string, uri: string): Promise<Seen> =>
  read(
    cwd,
    (file) =>
      run(
        process.execPath,
        [
          ...[bin, '--json', `--outputFile=${file}`, '--forceExit'],
          ...['--testMatch', '<rootDir>/jest/lifetimes/*.test.ts'],
          // The whole output is compared: one file after the other, in an order that no earlier run changes.
          ...['--runInBand', '--testSequencer', './jest/sequencer.cjs'],
        ],
        { cwd, env: { MONGODB_URI: uri } },
      ),
    fromJest,
  )

export const mocha = (home: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Seen> =>
  read(cwd, (file) =>
    run(
      process.execPath,
      [
        path.join(home, 'bin/mocha.js'),
        ...['--require', 'cursorleak/mocha', '--timeout', '30000', '--slow', '60000', '--exit'],
        ...['--reporter', path.join(cwd, 'mocha/spec-too.cjs')],
        ...['--reporter-option', `output=${file},home=${home}`],
        'mocha/lifetimes/*.test.js',
      ],
      { cwd, env },
    ),
  )

const FILES = ['bodies', 'clients', 'hooks', 'outside', 'together'].map((name) => `node-test/lifetimes/${name}.test.js`)

export const nodeTest = (node: string, cwd: string, uri: string, more: readonly string[] = []): Promise<Seen> =>
  read(cwd, (REPORT) =>
    run(
      node,
      [
        ...['--import', 'cursorleak/node-test', '--test', '--test-force-exit'],
        ...['--test-reporter', './node-test/reporter.mjs', '--test-reporter-destination', 'stderr'],
        ...['--test-reporter', 'spec', '--test-reporter-destination', 'stdout', '--test-concurrency=1'],
        ...more,
        ...FILES,
      ],
      // With all files in one process, what they leak is told at one place.
      { cwd, env: { MONGODB_URI: uri, REPORT, ...(more.length > 0 ? { CURSORLEAK_MAX_REPORTED: '50' } : {}) } },
    ),
  )

/** Those that the root has installed. */
export const quick: Column[] = [
  { name: 'Vitest 4', runner: 'vitest', run: (uri) => vitest(HERE, SUITE, uri) },
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
