import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { printTrace } from '../../src/app/print.ts'
import { configure, options } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import { encodeOptions } from '../../src/vitest/plugin-options.ts'

const reset = () => {
  state().options = { plugin: {}, configured: {}, started: {} }
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
    [{ constructor: 1 }, 'configure(): option "constructor" is 1; allowed: no option of this name; there are '],
    [{ toString: 1 }, 'option "toString" is 1; allowed: no option of this name'],
    [JSON.parse('{ "__proto__": 1 }'), 'option "__proto__" is 1; allowed: no option of this name'],
    [JSON.parse('{ "levels": { "__proto__": "fail" } }'), 'option "levels" is '],
    [{ levels: { constructor: 'fail' } }, `option "levels" is { constructor: 'fail' }`],
    [{ levels: new Map([['open', 'loud']]) }, 'option "levels" is Map(1)'],
    [{ levels: [] }, 'option "levels" is []'],
    [new Map([['settle', 1]]), 'option "options" is Map(1)'],
    [[], 'option "options" is []; allowed: a plain object'],
    [new Date(0), 'option "options" is 1970-01-01'],
    [() => {}, 'option "options" is [Function'],
    [null as unknown as object, 'option "options" is null; allowed: a plain object'],
    [{ everyMs: 2 ** 31 }, 'option "everyMs" is 2147483648; allowed: 0, or a whole number from 1000 to 2147483647'],
    [{ everyMs: 1 }, 'option "everyMs" is 1; allowed: 0, or a whole number from 1000 to 2147483647'],
    [{ settleMs: Number.POSITIVE_INFINITY }, 'option "settleMs" is Infinity'],
    [{ settleMs: Number.NaN }, 'option "settleMs" is NaN'],
    [{ settleMs: 5n }, 'option "settleMs" is 5n'],
    [{ stackDepth: 2 ** 40 }, 'option "stackDepth" is 1099511627776'],
    [{ ignore: [' '] }, `option "ignore" is [ ' ' ]`],
    [{ ignore: '/' }, `option "ignore" is '/'`],
    [{ ignore: '\\' }, `option "ignore" is `],
    [{ ignore: new Array(1) }, 'option "ignore" is [ <1 empty item> ]'],
    [{ ignore: function* () {} }, 'option "ignore" is [GeneratorFunction: ignore]; allowed: a string, a regular expr'],
    [{ ignore: async () => true }, 'option "ignore" is [AsyncFunction: ignore]; allowed: a string, a regular expr'],
    [{ ignore: new Set(['a']) }, 'option "ignore" is Set(1)'],
    [{ baseline: ' ' }, `option "baseline" is ' '`],
    [{ ignore: [5] }, 'configure(): option "ignore" is [ 5 ]; allowed: a string, a regular expression'],
  ])('%o', (given, text) => {
    expect(() => configure(given)).toThrow(text)
    expect(options().settleMs).toBe(100)
  })

  test.each([
    ['CURSORLEAK_LEVELS', 'open:fail:x', `option "levels" is 'open:fail:x'; allowed: state:level pairs`],
    ['CURSORLEAK_LEVELS', 'open:fail,open:off', `option "levels" is 'open:fail,open:off'; allowed: state:level pairs`],
    ['CURSORLEAK_LEVELS', 'constructor:fail', `option "levels" is 'constructor:fail'`],
    ['CURSORLEAK_EVERY', '3000000', `option "everyMs" is '3000000'; allowed: seconds: 0, or from 1 to 2147483`],
    ['CURSORLEAK_EVERY', '0.0001', `option "everyMs" is '0.0001'; allowed: seconds: 0, or from 1 to 2147483`],
    ['CURSORLEAK_EVERY', '0.999', `option "everyMs" is '0.999'; allowed: seconds: 0, or from 1 to 2147483`],
    ['CURSORLEAK_CONFIRM', 'constructor', `option "confirm" is 'constructor'; allowed: on or off`],
    ['CURSORLEAK_IGNORE', '/', `option "ignore" is '/'`],
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

test('blanks around a value mean nothing, and a blank value is none', () => {
  vi.stubEnv('CURSORLEAK', ' verbose ')
  vi.stubEnv('CURSORLEAK_SETTLE_MS', '  ')
  vi.stubEnv('CURSORLEAK_LEVELS', ' open : warn , swept:off ')
  expect(options()).toMatchObject({ verbose: true, settleMs: 100, levels: { open: 'warn', swept: 'off' } })
})

describe('options behind getters and proxies', () => {
  const fault = () => {
    throw new Error('theirs')
  }
  const proxy = (target: object) => new Proxy(target, { get: fault, ownKeys: fault, getPrototypeOf: fault })
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()
  test.each<[string, object]>([
    ['a proxy that throws', proxy({})],
    ['a revoked proxy', revoked],
    ['a getter that throws', Object.defineProperty({}, 'settleMs', { get: fault, enumerable: true })],
    ['a list behind a proxy', { ignore: proxy([]) }],
    ['levels behind a proxy', { levels: proxy({}) }],
    ['a level behind a getter', { levels: Object.defineProperty({}, 'open', { get: fault, enumerable: true }) }],
  ])('%s is one sentence', (_, given) => {
    const sentence = /^cursorleak: .*: option "(options|ignore|levels)" is .*; allowed: /
    expect(() => configure(given)).toThrow(sentence)
    expect(() => encodeOptions(given)).toThrow(sentence)
    expect(options().settleMs).toBe(100)
  })

  test('what was checked is what counts, whatever a getter answers later', () => {
    let asked = 0
    const given = Object.defineProperty({}, 'settleMs', { get: () => (asked++ ? 'later' : 5), enumerable: true })
    configure(given)
    expect([options().settleMs, asked]).toEqual([5, 1])
    const ignore: unknown[] = ['a']
    configure({ ignore: ignore as string[] })
    ignore.push(null)
    expect(options().ignore).toEqual(['a'])
  })

  test('an expression that can not be read travels to no worker, in one sentence', () => {
    const source = Object.defineProperty(/x/, 'source', { get: fault })
    expect(() => encodeOptions({ ignore: source })).toThrow('option "options" is ')
  })

  test('of a call', () => {
    const given = Object.defineProperty({}, 'idleMs', { get: fault, enumerable: true })
    for (const one of [given, proxy({}), revoked]) {
      expect(() => printTrace(one)).toThrow(
        "cursorleak: printTrace(): the options can't be read; allowed: an object with",
      )
    }
  })
})
