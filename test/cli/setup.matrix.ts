import path from 'node:path'
import { expect, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { cellsOf } from '../support/phase.ts'
import { write } from '../support/project.ts'
import { run } from '../support/run.ts'
import { JEST, MOCHA, VITEST } from '../versions.ts'

const FILES = {
  vitest: {
    'vitest.config.mjs': "export default { test: { setupFiles: ['./setup.mjs'] } }",
    'vitest.e2e.config.mjs': "// cursorleak/vitest\nexport default { test: { name: 'e2e' } }",
    'vitest.plugin.config.mjs':
      "import cursorleak from 'cursorleak/vitest/plugin'\nexport default { plugins: [cursorleak()] }",
    'setup.mjs': "import 'cursorleak/vitest'",
  },
  jest: {
    'jest.config.cjs': "module.exports = { setupFilesAfterEnv: ['<rootDir>/setup.cjs'] }",
    'jest-e2e.json': '{ "rootDir": "." }',
    'setup.cjs': "require('cursorleak/jest')",
  },
  mocha: { '.mocharc.json': '{ "require": ["cursorleak/mocha"] }', '.mocharc.e2e.json': '{}' },
}
const SAYS = {
  vitest: [
    'ok    vitest: checked by cursorleak/vitest',
    'wrong vitest --config vitest.e2e.config.mjs: not checked: no `cursorleak/vitest` in its `setupFiles`, and no plugin or reporter of ours that reaches it',
    'ok    vitest --config vitest.plugin.config.mjs: checked by cursorleak/vitest',
  ],
  jest: [
    'ok    jest: checked by cursorleak/jest',
    'wrong jest --config jest-e2e.json: not checked: no `cursorleak/jest` in its `setupFilesAfterEnv`',
  ],
  mocha: [
    'ok    mocha: checked by cursorleak/mocha',
    'wrong mocha --config .mocharc.e2e.json: not checked: no `cursorleak/mocha` in its `--require`',
  ],
}
type Name = keyof typeof FILES

const versions: [Name, string][] = [
  ...Object.values(VITEST).map((version): [Name, string] => ['vitest', version]),
  ...Object.values(JEST).map((version): [Name, string] => ['jest', version]),
  ...Object.values(MOCHA).map((version): [Name, string] => ['mocha', version]),
]

// The oldest and the newest of each; nightly all of them.
const ENDS: string[] = [VITEST['2.1'], VITEST['5.1'], JEST['28'], JEST['30'], MOCHA['10.0'], MOCHA['12.0']]

test.each(cellsOf(versions, ([, version]) => ENDS.includes(version)))(
  'doctor asks %s %s what it resolves',
  async (name, version) => {
    const cwd = await sandbox({ [name]: version }, { name: 'doctor' })
    write(cwd, FILES[name])
    const cli = path.join(cwd, 'node_modules/cursorleak/dist/cli/index.mjs')
    const { stdout } = await run(process.execPath, [cli, 'doctor'], { cwd, env: { MONGODB_URI: '' } })
    const lines = stdout.split('\n').filter((line) => new RegExp(`^.{6}${name}[: ](?!\\d)`).test(line))
    expect(lines).toEqual(SAYS[name])
  },
)
