import { createRequire } from 'node:module'
import path from 'node:path'
import { run } from '../../support/run.ts'
import { fromJson, SUITE, verdicts } from '../../support/suite.ts'
import { type Column, withReport } from './column.ts'

const bin = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

export const vitestColumns: Column[] = [
  {
    name: 'Vitest 4',
    quick: true,
    async run(uri) {
      const report = await withReport((file) =>
        run(process.execPath, [bin, 'run', '--reporter=json', `--outputFile=${file}`], {
          cwd: SUITE,
          env: { MONGODB_URI: uri },
        }),
      )
      return verdicts(fromJson(report))
    },
  },
]
