import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { configure, options } from '../../src/options.ts'
import { state } from '../../src/state.ts'

const reset = () => {
  state().options = { plugin: {}, configured: {} }
  vi.unstubAllEnvs()
}
beforeEach(reset)
afterEach(reset)

test('later layers win key by key', () => {
  state().options.plugin = { settleMs: 1, stackDepth: 5, levels: { open: 'warn', swept: 'fail' } }
  configure({ settleMs: 2, levels: { open: 'off' } })
  vi.stubEnv('CURSORLEAK_LEVELS', 'swept:off')
  const { settleMs, stackDepth, maxReported, levels } = options()
  expect({ settleMs, stackDepth, maxReported }).toEqual({ settleMs: 2, stackDepth: 5, maxReported: 10 })
  expect(levels).toMatchObject({ open: 'off', swept: 'off', lost: 'fail' })
})

test('configure() returns what was configured before', () => {
  configure({ settleMs: 2 })
  expect(configure({ settleMs: 3, maxReported: 1 })).toEqual({ settleMs: 2 })
  expect(configure({})).toEqual({ settleMs: 3, maxReported: 1 })
})

test('the environment is read anew when it changes', () => {
  expect(options().enabled).toBe(true)
  vi.stubEnv('CURSORLEAK', 'off')
  expect(options().enabled).toBe(false)
  vi.stubEnv('CURSORLEAK', 'verbose')
  expect(options()).toMatchObject({ enabled: true, verbose: true })
})

describe('bad input is one sentence', () => {
  test.each<[object, string]>([
    [{ settle: 5 }, 'configure(): option "settle" is 5; allowed: no option of this name; there are '],
    [{ settleMs: '5' }, `configure(): option "settleMs" is '5'; allowed: a whole number from 0`],
    [{ settleMs: -1 }, 'configure(): option "settleMs" is -1; allowed: a whole number from 0'],
    [{ enabled: 'yes' }, `configure(): option "enabled" is 'yes'; allowed: true or false`],
    [{ levels: { open: 'loud' } }, `configure(): option "levels" is { open: 'loud' }; allowed: an object from a state`],
    [
      { levels: { opened: 'fail' } },
      `configure(): option "levels" is { opened: 'fail' }; allowed: an object from a state`,
    ],
    [{ ignore: [5] }, 'configure(): option "ignore" is [ 5 ]; allowed: a string, a regular expression'],
  ])('%o', (given, text) => {
    expect(() => configure(given)).toThrow(text)
    expect(options().settleMs).toBe(100)
  })

  test.each([
    [
      'CURSORLEAK',
      'maybe',
      `environment variable CURSORLEAK: option "enabled" is 'maybe'; allowed: off, on or verbose`,
    ],
    [
      'CURSORLEAK_LEVELS',
      'swept',
      `environment variable CURSORLEAK_LEVELS: option "levels" is 'swept'; allowed: state:level pairs separated by commas; a state (idle, `,
    ],
    [
      'CURSORLEAK_SETTLE_MS',
      'soon',
      `environment variable CURSORLEAK_SETTLE_MS: option "settleMs" is 'soon'; allowed: `,
    ],
  ])('%s=%s', (name, value, text) => {
    vi.stubEnv(name, value)
    expect(() => options()).toThrow(text)
  })
})
