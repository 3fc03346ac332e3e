import { afterEach, expect, test } from 'vitest'
import { siteOf, userFrames } from '../../../src/report/frames.ts'
import { capture, captureAbove, stackText } from '../../../src/trace/stack.ts'

const prepare = Error.prepareStackTrace
const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor
const captureStackTrace = Error.captureStackTrace
afterEach(() => {
  Error.prepareStackTrace = prepare
  Error.captureStackTrace = captureStackTrace
  Object.defineProperty(Error, 'stackTraceLimit', limit)
})

const here = () => capture(here, 5)
const both = () => captureAbove([both, here], 5)

test.each([
  ['call sites', (_: Error, sites: unknown) => sites],
  ['an object', () => ({ frames: [] })],
  ['null', () => null],
  ['a number', () => 7],
])('Error.prepareStackTrace that returns %s', (name, prepared) => {
  Error.prepareStackTrace = prepared
  const texts = [stackText(here()), stackText(both())]
  Error.prepareStackTrace = prepare
  for (const text of texts) {
    expect(text).toBeTypeOf('string')
    expect(siteOf(userFrames(text, false))?.file.endsWith('stack.test.ts') ?? false).toBe(name === 'call sites')
  }
})

test('Error.prepareStackTrace that throws', () => {
  Error.prepareStackTrace = () => {
    throw new Error('not today')
  }
  expect([stackText(here()), stackText(both())]).toEqual(['', ''])
})

test('no Error.captureStackTrace, and one that throws', () => {
  for (const value of [
    undefined,
    () => {
      throw new Error('no')
    },
  ]) {
    Error.captureStackTrace = value as never
    expect(stackText(here())).toBeUndefined()
  }
})

test.each([
  ['read-only', { value: 10, writable: false, configurable: true }],
  [
    'with a setter that throws',
    {
      get: () => 10,
      set: () => {
        throw new Error('no')
      },
      configurable: true,
    },
  ],
  [
    'with a getter that throws',
    {
      get: () => {
        throw new Error('no')
      },
      set: () => {},
      configurable: true,
    },
  ],
])('Error.stackTraceLimit %s', (_name, descriptor) => {
  Object.defineProperty(Error, 'stackTraceLimit', descriptor)
  expect(() => here()).not.toThrow()
})
