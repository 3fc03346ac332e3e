import { describe, expect, test } from 'vitest'
import { cellsOf } from '../support/phase.ts'
import { MONGODB } from '../versions.ts'
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

/** What mongoose brings, as the columns are named. */
const INSIDE = '7.8.0'
const LAYOUTS = [
  { name: '7.8-inside-mongoose', load: async () => nested('mongoose'), version: INSIDE },
  { name: '7.9-minified-by-esbuild', load: minifiedDriver, version: MONGODB['7.9'] },
  { name: '7.9-under-pnpm', load: async () => (await pnpm).driver, version: MONGODB['7.9'] },
  { name: '7.8-inside-mongoose-under-pnpm', load: async () => (await pnpm).nested, version: INSIDE },
]
const FEW = ['7.9-minified-by-esbuild', '7.8-inside-mongoose-under-pnpm']

describe.each(cellsOf(LAYOUTS, ({ name }) => FEW.includes(name)))('$name', ({ name, load, version }) =>
  layout(name, load, version),
)
