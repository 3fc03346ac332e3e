import { describe, expect, test } from 'vitest'
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

describe('inside mongoose', () => layout('7.8-inside-mongoose', () => nested('mongoose'), '7.8.0'))
describe('minified', () => layout('7.9-minified-by-esbuild', minifiedDriver, '7.9.0'))
describe('pnpm', () => layout('7.9-under-pnpm', async () => (await pnpm).driver, '7.9.0'))
describe('pnpm, inside mongoose', () =>
  layout('7.8-inside-mongoose-under-pnpm', async () => (await pnpm).nested, '7.8.0'))
