import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { mapped, mapStacks } from '../../../src/report/source.ts'
import { state } from '../../../src/state.ts'

const SOURCE = `interface Order { id: string }

export function open(orders: Order[]): number {
  type Unused = { [key: string]: never }
  return orders.length
}
`
let folder = ''
let position = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cursorleak-source-'))
  for (const kind of ['external', 'inline'] as const) {
    const options = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ES2022,
      ...(kind === 'inline' ? { inlineSourceMap: true } : { sourceMap: true }),
    }
    const fileName = `${kind}.ts`
    const { outputText, sourceMapText } = ts.transpileModule(SOURCE, { compilerOptions: options, fileName })
    await writeFile(path.join(folder, `${kind}.js`), outputText)
    if (sourceMapText) await writeFile(path.join(folder, `${kind}.js.map`), sourceMapText)
    const row = outputText.split('\n').findIndex((line) => line.includes('return orders.length'))
    position = `${row + 1}:${(outputText.split('\n')[row] ?? '').indexOf('orders') + 1}`
  }
  await writeFile(path.join(folder, 'broken.js'), '//# sourceMappingURL=data:application/json;base64,bm90IGpzb24=\n')
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => {
  state().mapsStacks = false
  vi.restoreAllMocks()
})

test.each(['external', 'inline'])('maps a frame by the %s map of its file', (kind) => {
  mapStacks()
  const file = path.join(folder, `${kind}.js`)
  const original = path.join(folder, `${kind}.ts`)
  expect(position).not.toBe('5:10')
  expect(mapped(`Error\n    at open (${file}:${position})\n    at async ${pathToFileURL(file)}:${position}`)).toBe(
    `Error\n    at open (${original}:5:10)\n    at async ${original}:5:10`,
  )
})

test.each([
  ['src/%28shop%29/orders.ts', 'src/(shop)/orders.ts'],
  ['src/(shop)/orders.ts', 'src/(shop)/orders.ts'],
  ['src/b%C3%BCro.ts', 'src/büro.ts'],
  ['100%25.ts', '100%25.ts'],
  ['100%.ts', '100%.ts'],
])('a source that a map names %s is %s', async (named, file) => {
  mapStacks()
  await writeFile(path.join(folder, '100%25.ts'), '')
  const map = { version: 3, sources: [named], names: [], mappings: 'AAAA' }
  const compiled = path.join(folder, `${encodeURIComponent(named)}.js`)
  const data = Buffer.from(JSON.stringify(map)).toString('base64')
  await writeFile(compiled, `open()\n//# sourceMappingURL=data:application/json;base64,${data}\n`)
  expect(mapped(`Error\n    at open (${compiled}:1:1)`)).toBe(`Error\n    at open (${path.join(folder, file)}:1:1)`)
})

test('leaves a frame without a map as it is', () => {
  mapStacks()
  const stack = `Error\n    at open (${path.join(folder, 'external.ts')}:3:8)\n    at node:internal/process:95:5\n    at new Promise (<anonymous>)`
  expect(mapped(stack)).toBe(stack)
})

test('a map that cannot be read leaves the frame as it is, and is told once', () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  mapStacks()
  const stack = `Error\n    at open (${path.join(folder, 'broken.js')}:1:1)`
  expect(mapped(stack)).toBe(stack)
  expect(mapped(stack)).toBe(stack)
  expect(said.mock.calls.flat().join('')).toMatch(
    /^cursorleak: the source map of .*broken\.js can't be read \(SyntaxError: /,
  )
  expect(said).toHaveBeenCalledOnce()
})

test('a runner that maps stacks itself gets them untouched', () => {
  const stack = `Error\n    at open (${path.join(folder, 'inline.js')}:${position})`
  expect(mapped(stack)).toBe(stack)
})
