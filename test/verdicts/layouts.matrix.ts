import { describe, expect, test } from 'vitest'
import { cellsOf } from '../support/phase.ts'
import { layout } from './column.ts'
import { nested } from './columns.ts'
import { minifiedDriver, underPnpm } from './layouts.ts'

const pnpm = underPnpm()

test('the layouts are what they are named', async () => {
  const minified = await minifiedDriver()
  expect(minified.FindCursor.name).not.toBe('FindCursor')
  const { driver, nested } = await pnpm
  expect(nested.MongoClient).not.toBe(driver.MongoClient)
})

const LAYOUTS = [
  { name: '7.8-inside-mongoose', load: async () => nested('mongoose'), version: '7.8.0' },
  { name: '7.9-minified-by-esbuild', load: minifiedDriver, version: '7.9.0' },
  { name: '7.9-under-pnpm', load: async () => (await pnpm).driver, version: '7.9.0' },
  { name: '7.8-inside-mongoose-under-pnpm', load: async () => (await pnpm).nested, version: '7.8.0' },
]
const FEW = ['7.9-minified-by-esbuild', '7.8-inside-mongoose-under-pnpm']

describe.each(cellsOf(LAYOUTS, ({ name }) => FEW.includes(name)))('$name', ({ name, load, version }) =>
  layout(name, load, version),
)
