import { beforeAll, describe, expect, inject, test } from 'vitest'
import { nodeBinary } from '../../scripts/sandbox.mjs'
import { jestSandbox } from '../suite/columns/jest.ts'
import { phase } from '../support/phase.ts'
import { NODE } from '../versions.ts'
import { behaviour, outputs } from './cases.ts'
import { FIXTURE, type JestRun, jest } from './jest.ts'

// The newest first: the others are stored where they differ from it.
describe.each(['30', '29', '28'] as const)('Jest %s, in a project of its own', (major) => {
  let folder = ''
  beforeAll(async () => {
    folder = await jestSandbox(major, 'outputs', FIXTURE)
  })
  outputs(major, () => ({ folder }))
  // That of the newest is what `npm test` sees.
  if (major !== '30' || phase === 'nightly') behaviour(() => ({ folder }))

  test('jsdom, with the driver in it and without', async () => {
    const config = {
      testEnvironment: 'jsdom',
      // jsdom takes the driver's browser build of BSON else, and has none of these.
      testEnvironmentOptions: { customExportConditions: ['node', 'node-addons'] },
      setupFiles: ['<rootDir>/setup/node-globals.cjs'],
      testMatch: ['<rootDir>/{test,ways}/{orders,plain}.test.cjs'],
    }
    const text = await jest({ uri: inject('mongoUri'), folder, config })
    expect(text.match(/^ {2}● .*$/gm)).toEqual([
      '  ● orders › leaks',
      '  ● orders › leaks at two places',
      '  ● orders › leaks at two places',
    ])
    expect(text).toMatch(/Test Suites: 1 failed, 1 passed, 2 total/)
  })
})

// Jest 30 goes back to Node 18, and says nothing of its own about the Node that it runs on: the outputs are those of 20.
describe.each(['22', '24', '26'] as const)('Jest 30 on Node %s', (node) => {
  let more: Partial<JestRun> = {}
  beforeAll(async () => {
    more = { folder: await jestSandbox('30', `outputs-${node}`, FIXTURE), binary: await nodeBinary(NODE[node]) }
  })
  outputs('30', () => more)
  if (node === '26' || phase === 'nightly') behaviour(() => more)
})
