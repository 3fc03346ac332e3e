import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runsTests, sharesProcess } from '../../../src/node-test/process.ts'

vi.mock('node:worker_threads', () => ({ isMainThread: true }))

const { execArgv, channel } = process
beforeEach(() => {
  vi.stubEnv('NODE_TEST_CONTEXT', undefined)
  vi.stubEnv('WATCH_REPORT_DEPENDENCIES', undefined)
  setChannel(undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  process.execArgv = execArgv
  setChannel(channel)
})

const setChannel = (value: unknown): unknown =>
  Object.defineProperty(process, 'channel', { value, configurable: true, writable: true })

test.each([
  ['a file that is run by itself', ['--import', 'cursorleak/node-test'], true],
  ['the process that starts one for each file', ['--import', 'cursorleak/node-test', '--test'], false],
  ['one process for all files', ['--test', '--test-isolation=none'], true],
  ['the same on Node 22', ['--test', '--experimental-test-isolation=none'], true],
  ['the value as an argument of its own', ['--test', '--test-isolation', 'none'], true],
  ['isolation by its name', ['--test', '--test-isolation=process'], false],
])('%s', (_name, args, expected) => {
  process.execArgv = args
  expect(runsTests()).toBe(expected)
  expect(sharesProcess()).toBe(expected && args.includes('--test'))
})

test('the child that runs a file, with --watch too, but no fork of it', () => {
  process.execArgv = ['--import', 'cursorleak/node-test']
  vi.stubEnv('NODE_TEST_CONTEXT', 'child-v8')
  expect(runsTests()).toBe(true)
  setChannel({})
  expect(runsTests()).toBe(false)
  vi.stubEnv('WATCH_REPORT_DEPENDENCIES', '1')
  expect(runsTests()).toBe(true)
})
