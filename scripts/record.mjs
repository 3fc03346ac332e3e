// @ts-check
// Records the stored outputs and pages again: `npm run record [-- part of a path]`. What the others are compared with runs
// first, and the pages, which are made of what was stored, last.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const parts = process.argv.slice(2)
const vitest = path.join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
const runs = [
  // Of each table the first column.
  ['vitest.config.ts', ...parts],
  ['vitest.nightly.config.ts', ...parts, '--maxWorkers', '1'],
  ['vitest.config.ts', 'test/verdicts/verdicts.test.ts', 'test/vitest/table.test.ts'],
]
let failed = false
for (const [config = '', ...args] of runs) {
  const command = [vitest, 'run', '-u', '--passWithNoTests', '--config', config, ...args]
  failed =
    spawnSync(process.execPath, command, { stdio: 'inherit', env: { ...process.env, UPDATE: '1' } }).status !== 0 ||
    failed
}
process.exitCode = failed ? 1 : 0
