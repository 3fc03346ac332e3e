import { createRequire } from 'node:module'
import path from 'node:path'
import { run } from '../../support/run.ts'
import type { Verdicts } from '../../support/suite.ts'
import { beside, DRIVER, MOCHA } from '../../versions.ts'
import { type Column, read } from './column.ts'
import { compiledHere, compiledIn, sourcesIn } from './compiled.ts'

const here = path.dirname(createRequire(import.meta.url).resolve('mocha/package.json'))

/** Runs Mocha as a user would; a reporter of the fixture's writes every error. */
function mocha(home: string, folder: string, args: string[], env: NodeJS.ProcessEnv): Promise<Verdicts> {
  return read((file) =>
    run(
      process.execPath,
      [
        path.join(home, 'bin/mocha.js'),
        ...['--require', 'cursorleak/mocha', '--timeout', '30000'],
        ...['--reporter', path.join(folder, 'mocha/reporter.cjs'), '--reporter-option', `output=${file}`],
        ...args,
      ],
      { cwd: folder, env },
    ),
  )
}

const VERSIONS = { 'Mocha 10': MOCHA['10.8'], 'Mocha 11': MOCHA['11.8'], 'Mocha 12': MOCHA['12.0'] }
const COMPILED = 'mocha/*.test.js'
const WAYS = [
  { variant: 'ESM', format: 'esm', args: [COMPILED] },
  { variant: 'CommonJS', format: 'cjs', args: [COMPILED] },
  { variant: 'parallel', format: 'esm', args: ['--parallel', COMPILED] },
  { variant: 'tsx', format: 'ts', args: ['--import=tsx', 'mocha/*.test.ts'] },
] as const

export const mochaColumns: Column[] = [
  ...Object.entries(VERSIONS).flatMap(([name, version]) =>
    WAYS.map(({ variant, format, args }) => ({
      name,
      runner: 'mocha' as const,
      variant,
      async run(uri: string) {
        const dependencies = { mocha: version, ...DRIVER, ...(format === 'ts' ? beside('tsx') : {}) }
        const project = `suite-${variant}`
        const { folder, modules } = await (format === 'ts'
          ? sourcesIn(dependencies, project)
          : compiledIn(dependencies, project, format))
        return mocha(path.join(modules, 'mocha'), folder, [...args], { MONGODB_URI: uri })
      },
    })),
  ),
  {
    name: 'Mocha 11',
    runner: 'mocha',
    variant: 'the root’s',
    quick: true,
    run(uri) {
      const folder = compiledHere('mocha', 'esm')
      // Mocha asks for `--require` from its own folder; a project of its own has both packages side by side.
      return mocha(here, folder, [COMPILED], { MONGODB_URI: uri, NODE_PATH: path.join(folder, 'node_modules') })
    },
  },
]
