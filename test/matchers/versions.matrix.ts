import path from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { nodeBinary, sandbox } from '../../scripts/sandbox.mjs'
import { jestSandbox } from '../suite/columns/jest.ts'
import { expectDifference } from '../support/stored.ts'
import { CHAI, DRIVER, MOCHA, NODE } from '../versions.ts'
import { packagesOf } from '../vitest/cells.ts'
import { type Asked, output, PROJECT } from './output.ts'

let server: Server

// Its own: the server's cursors and connections are counted.
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server.stop())

const OUTPUTS = path.join(import.meta.dirname, 'outputs')
/** What the installed versions print. */
const FIRST = {
  ...{ leaks: 'vitest-leaks.txt', server: 'vitest-server.txt', off: 'vitest-off.txt' },
  ...{ 'by-hand': 'jest.txt', check: 'jest-check.txt' },
  'node-test': 'node-test.txt',
  ...{ imported: 'mocha-imported.txt', required: 'mocha-required.txt' },
}

/** A run in a project of its own, beside what was recorded for that version: its own words differ, ours do not. */
async function same(version: string, name: string, asked: Omit<Asked, 'uri' | 'database'>): Promise<void> {
  const database = `${version}_${name}`.replace(/\W/g, '_')
  const text = await output({ uri: server.uri, database, ...asked })
  const first = FIRST[name as keyof typeof FIRST]
  await expectDifference(text, path.join(OUTPUTS, version, `${name}.diff`), path.join(OUTPUTS, first))
}

describe.each([
  ['2.1', '20'],
  ['3.2', '20'],
  ['5.1', '24'],
] as const)('Vitest %s on Node %s', (vitest, node) => {
  let of: Omit<Asked, 'uri' | 'database' | 'args'>
  beforeAll(async () => {
    const folder = await sandbox(packagesOf(vitest), { files: PROJECT, name: 'matchers' })
    of = { folder, node: await nodeBinary(NODE[node]) }
  })
  const args = ['node_modules/vitest/vitest.mjs', 'run']
  const workspace = vitest === '2.1' ? ['--workspace', 'off.workspace.ts'] : []

  test.each([
    ['leaks', ['leaks']],
    ['server', ['server']],
    ['off', ['--config', 'off.config.ts', ...workspace]],
  ])('%s', (name, more) => same(`vitest-${vitest}`, name, { ...of, args: [...args, ...more] }))
})

describe.each(['28', '29'] as const)('Jest %s', (major) => {
  let folder = ''
  beforeAll(async () => {
    folder = await jestSandbox(major, 'matchers', PROJECT)
  })

  test.each([
    ['by-hand', []],
    ['check', ['--config', 'jest-check.config.cjs']],
  ])('%s', (name, more) =>
    same(`jest-${major}`, name, { folder, args: ['node_modules/jest/bin/jest.js', '--ci', ...more] }),
  )
})

describe.each(['4', '5'] as const)('Chai %s under Mocha 10', (chai) => {
  let folder = ''
  beforeAll(async () => {
    folder = await sandbox({ chai: CHAI[chai], mocha: MOCHA['10.8'], ...DRIVER }, { files: PROJECT, name: 'matchers' })
  })

  test.each([
    ['imported', 'mocha/leaks.test.mjs'],
    ['required', 'mocha/required.test.cjs'],
  ])('%s', async (name, file) => {
    // Chai 5 is a module: this Node says at each `require` of one that this is new.
    const args = ['--no-warnings', 'node_modules/mocha/bin/mocha.js', '--require', 'cursorleak/mocha', file]
    await same(`chai-${chai}`, name, { folder, args })
  })
})

describe.each(['22', '24', '26'] as const)('node:test of Node %s', (version) => {
  test('the assertion', async () => {
    const folder = await sandbox(DRIVER, { files: PROJECT, name: `matchers-node-${version}` })
    const args = ['--import', 'cursorleak/node-test', '--test', '--test-reporter=tap', 'node-test/leaks.test.mjs']
    await same(`node-${version}`, 'node-test', { folder, node: await nodeBinary(NODE[version]), args })
  })
})
