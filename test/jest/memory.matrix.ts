import { expect, inject, test } from 'vitest'
import { jest } from './jest.ts'

const FILES = 6

/** The same test file in as many projects, one after the other in one process. */
function projects(setupFilesAfterEnv: string[]): object {
  const project = (n: number): object => ({
    displayName: `p${n}`,
    rootDir: '.',
    testMatch: ['<rootDir>/memory/*.test.cjs'],
    setupFilesAfterEnv,
    transform: {},
    testEnvironment: '<rootDir>/memory/environment.cjs',
    globalTeardown: '<rootDir>/memory/teardown.cjs',
  })
  return { projects: Array.from({ length: FILES }, (_, n) => project(n)) }
}

test('no context of an earlier file stays alive, and no store stays in use', async () => {
  const left = async (setup: string[]): Promise<string | undefined> => {
    const run = { args: ['--runInBand'], config: projects(setup), node: ['--expose-gc'] }
    return /contexts: .*/.exec(await jest({ uri: inject('mongoUri'), ...run }))?.[0]
  }
  const without = await left([])
  expect(without).toMatch(new RegExp(`^contexts: ${FILES}, alive: 0, stores: \\d+$`))
  expect(await left(['cursorleak/jest'])).toBe(without)
})
