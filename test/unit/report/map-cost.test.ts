import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { whyTooCostly } from '../../../src/report/map-cost.ts'
import { mapped, mapStacks } from '../../../src/report/source.ts'
import { state } from '../../../src/state.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-map-cost-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => mapStacks())
afterEach(() => {
  state().mapsStacks = false
  vi.restoreAllMocks()
})

const map = (mappings: string, more = {}) => ({ version: 3, sources: ['a.ts'], names: [], mappings, ...more })
const inSections = (one: object, depth: number): object =>
  depth === 0 ? one : { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: inSections(one, depth - 1) }] }
const CROWDED = 'has more than 64 segments at one place'
const LONG = 'has paths that are too long'

test.each<[string, object, string | undefined]>([
  ['one column, 10,000 times', map('AAAA,'.repeat(10_000)), CROWDED],
  ['one column, without a source', map(`A${',A'.repeat(100)}`), CROWDED],
  ['one column, in the last line', map(`${'AACA;'.repeat(1_000)}EAAA${',AAAA'.repeat(100)}`), CROWDED],
  ['two columns by turns', map('CAAA,DAAA,'.repeat(100)), CROWDED],
  ['in a section of a section', inSections(map('AAAA,'.repeat(100)), 2), CROWDED],
  ['a path that is long', map('AAAA', { sources: ['./'.repeat(3_000) + 'a/'.repeat(3_000)] }), LONG],
  ['a root that is long', map('AAAA', { sourceRoot: './'.repeat(3_000) }), LONG],
  ['many paths', map('AAAA', { sourceRoot: 'r/'.repeat(2_000), sources: Array(3_000).fill('a.ts') }), LONG],
  ['64 at one column', map('AAAA,'.repeat(63).concat('AAAA')), undefined],
  ['one column in each of 100,000 lines', map('AAAA;'.repeat(100_000)), undefined],
  ['100,000 columns of one line', map('CAAC,'.repeat(100_000)), undefined],
  ['far columns, back and forth', map('gggCAAA,hggCAAA,'.repeat(60)), undefined],
  ['200,000 sections', { version: 3, sections: Array(200_000).fill({}) }, undefined],
  ['no map', [null], undefined],
])('%s', (_, one, why) => {
  const start = performance.now()
  expect(whyTooCostly(JSON.stringify(one))).toBe(why)
  expect(performance.now() - start).toBeLessThan(1_000)
})

test('what is no JSON is left to whoever reads it', () => {
  expect(whyTooCostly('no map')).toBeUndefined()
  expect(whyTooCostly(`)]}'\n${JSON.stringify(map('AAAA,'.repeat(100)))}`)).toBe(CROWDED)
})

test.each(['beside', 'inside'])(
  'such a map %s the compiled file: told once, the frame stays, and it takes no time',
  (place) => {
    const name = `${place}.js`
    const text = JSON.stringify(map('AAAA,'.repeat(100_000)))
    const url = `data:application/json;base64,${Buffer.from(text).toString('base64')}`
    writeFileSync(path.join(folder, `${name}.map`), text)
    writeFileSync(path.join(folder, name), `x\n//# sourceMappingURL=${place === 'inside' ? url : `${name}.map`}\n`)
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const stack = `Error\n    at f (${path.join(folder, name)}:1:1)`
    const start = performance.now()
    expect([mapped(stack), mapped(stack)]).toEqual([stack, stack])
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      `cursorleak: the source map of ${path.join(folder, name)} ${CROWDED}; its lines are not mapped\n`,
    ])
  },
)

test('a map that could not be read is not tried again', () => {
  const file = path.join(folder, 'broken.js')
  writeFileSync(file, 'x\n//# sourceMappingURL=broken.js.map\n')
  writeFileSync(path.join(folder, 'broken.js.map'), 'no map')
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const stack = `Error\n    at f (${file}:1:1)`
  expect(mapped(stack)).toBe(stack)
  const parse = vi.spyOn(JSON, 'parse')
  expect(mapped(stack)).toBe(stack)
  expect(parse).not.toHaveBeenCalled()
})
