import { expect, test } from 'vitest'
import cursorleak from '../../../src/vitest/plugin.ts'
import { decodeOptions, encodeOptions, type PluginOptions } from '../../../src/vitest/plugin-options.ts'

test('options come out of the worker as they went in', () => {
  const options: PluginOptions = {
    levels: { swept: 'fail', session: 'off' },
    settleMs: 0,
    ignore: ['shop.audit', /^legacy\/"x"/gi],
    baseline: 'leaks.json',
  }
  const encoded = encodeOptions(options)
  expect(decodeOptions(structuredClone(encoded))).toEqual(options)
  expect(decodeOptions(undefined)).toEqual({})
})

test('functions are a type error and a sentence', () => {
  const sentence = /option "(ignore|onLeak)" is \[Function.*\]; allowed: data only: .*configure\(\) in a setup file/
  // @ts-expect-error a predicate can't travel to a worker
  expect(() => encodeOptions({ ignore: () => true })).toThrow(sentence)
  // @ts-expect-error nor among rules that can
  expect(() => encodeOptions({ ignore: ['shop.audit', () => true] })).toThrow(sentence)
  // @ts-expect-error nor any other function
  expect(() => cursorleak({ onLeak: () => {} })).toThrow(sentence)
})

test('what is no option or no value of it is a type error and a sentence', () => {
  // @ts-expect-error no such option
  expect(() => cursorleak({ settle: 1 })).toThrow('option "settle" is 1; allowed: no option of this name; there are ')
  // @ts-expect-error no such level
  expect(() => cursorleak({ levels: { open: 'error' } })).toThrow('option "levels" is { open: \'error\' }; allowed: ')
  // @ts-expect-error as plain JavaScript may call it
  expect(() => cursorleak(null)).toThrow('option "options" is null; allowed: a plain object')
})

test('the setup file comes first, once, and what the user has stays', () => {
  const config = { test: { setupFiles: ['./a.ts', 'cursorleak/vitest'], provide: { mine: 1 }, globals: true } }
  const plugin = cursorleak()
  plugin.config(config)
  plugin.config(config)
  const { setupFiles, globalSetup, ...rest } = config.test as typeof config.test & {
    provide: object
    globalSetup: string[]
  }
  expect(setupFiles).toEqual([expect.stringMatching(/\/vitest\/index\.mjs$/), './a.ts'])
  // By this the projects are found that have configurations of their own.
  expect(globalSetup).toEqual([expect.stringMatching(/\/vitest\/global-setup\.mjs$/)])
  expect(rest).toEqual({ globals: true, provide: { mine: 1, cursorleak: { json: '{}' } } })
})

test('an inline project gets the plugin, unless it has it or extends the root', () => {
  const plugin = cursorleak()
  const other = { name: 'other' }
  const projects = [
    'packages/*',
    { test: {} },
    { extends: true },
    { plugins: [other] },
    { plugins: [other, cursorleak()] },
  ]
  const config = { test: { projects } }
  plugin.config(config)
  const [glob, inline, extending, withOther, withOwn] = config.test.projects
  expect(glob).toBe('packages/*')
  expect(inline).toEqual({ test: {}, plugins: [plugin] })
  expect(extending).toEqual({ extends: true })
  expect(withOther).toEqual({ plugins: [other, plugin] })
  expect(withOwn).toBe(projects[4])
})

test.each([
  ['a benchmark of Vitest 2 to 4', { mode: 'benchmark' }, {}],
  ['a benchmark of Vitest 5', {}, { benchmark: { enabled: true } }],
  ['a browser', {}, { browser: { enabled: true } }],
  ['a type check', {}, { typecheck: { enabled: true, only: true } }],
])('%s has neither setup file nor summary', (_name, root, project) => {
  const plugin = cursorleak()
  const config = { test: {} as { setupFiles?: string[] } }
  plugin.config(config)
  const projectConfig = { ...project, setupFiles: [...(config.test.setupFiles ?? []), '/a.ts'] }
  const rootConfig = { ...root, reporters: [] }
  plugin.configureVitest({ project: { config: projectConfig }, vitest: { config: rootConfig } })
  expect([projectConfig.setupFiles, rootConfig.reporters]).toEqual([['/a.ts'], []])
})

test('however many projects, one summary', () => {
  const rootConfig = { reporters: ['default'] as unknown[] }
  for (const plugin of [cursorleak(), cursorleak()]) {
    plugin.configureVitest({ project: { config: { setupFiles: [] } }, vitest: { config: rootConfig } })
  }
  expect(rootConfig.reporters).toHaveLength(2)
})
