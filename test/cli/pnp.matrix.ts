import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packagesFolder } from '../../scripts/sandbox.mjs'
import { packed } from '../support/pnpm.ts'
import { project, removeProjects } from '../support/project.ts'
import { run } from '../support/run.ts'
import { beside, DRIVER, MOCHA } from '../versions.ts'

const CLI = path.join(import.meta.dirname, '../../dist/cli/index.mjs')
let folder = ''
let yarn = ''

/** What npm is told here, which Yarn does not read. */
async function registry(): Promise<NodeJS.ProcessEnv> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'])
  const url = new URL(stdout.trim())
  return {
    YARN_NPM_REGISTRY_SERVER: url.href,
    ...(url.protocol === 'http:' ? { YARN_UNSAFE_HTTP_WHITELIST: url.hostname } : {}),
  }
}

beforeAll(async () => {
  const dependencies = { mocha: MOCHA['11.8'], ...DRIVER, cursorleak: `file:${await packed()}` }
  folder = project({
    'package.json': JSON.stringify({ name: 'pnp', private: true, dependencies }),
    'yarn.lock': '',
    '.yarnrc.yml':
      'nodeLinker: pnp\nenableGlobalCache: false\nenableTelemetry: false\nenableImmutableInstalls: false\n',
    '.mocharc.json': '{"require":["cursorleak/mocha"]}',
    '.mocharc.e2e.json': '{}',
  })
  yarn = path.join(await packagesFolder(beside('@yarnpkg/cli-dist')), 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')
  const { code, stdout } = await run(process.execPath, [yarn, 'install'], { cwd: folder, env: await registry() })
  expect(code, stdout).toBe(0)
})
afterAll(removeProjects)

const lines = ({ code, stdout }: { code: number | null; stdout: string }): unknown[] => [
  ...stdout.trimEnd().split('\n').slice(1),
  `exit ${code}`,
]

test("Yarn's Plug'n'Play: what Yarn starts finds the packages and asks the runner", async () => {
  const env = { MONGODB_URI: '' }
  expect(lines(await run(process.execPath, [yarn, 'cursorleak', 'doctor'], { cwd: folder, env }))).toEqual([
    `ok    mongodb ${DRIVER.mongodb} in Yarn's Plug'n'Play`,
    `ok    mocha ${MOCHA['11.8']}`,
    'ok    mocha: checked by cursorleak/mocha',
    'wrong mocha --config .mocharc.e2e.json: not checked: no `cursorleak/mocha` in its `--require`',
    '1 wrong',
    'exit 1',
  ])
})

test('started by something else it says that Yarn has to', async () => {
  expect(lines(await run(process.execPath, [CLI, 'doctor'], { cwd: folder, env: { MONGODB_URI: '' } }))).toEqual([
    `ok    mongodb ${DRIVER.mongodb} in Yarn's Plug'n'Play`,
    `ok    mocha ${MOCHA['11.8']}`,
    "wrong the packages are in Yarn's Plug'n'Play, so no runner can be asked: start it by `yarn cursorleak doctor`",
    '1 wrong',
    'exit 1',
  ])
})
