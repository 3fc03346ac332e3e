import { beforeAll, describe, expect, inject, test } from 'vitest'
import { jestSandbox } from '../suite/columns/jest.ts'
import { behaviour, outputs } from './cases.ts'
import { FIXTURE, jest } from './jest.ts'

describe.each(['28', '29', '30'])('Jest %s, in a project of its own', (major) => {
  let folder = ''
  beforeAll(async () => {
    folder = await jestSandbox(major, 'outputs', FIXTURE)
  })
  outputs(major, () => ({ folder }))
  behaviour(() => ({ folder }))

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
