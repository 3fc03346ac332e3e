import { describe } from 'vitest'
import { column } from './column.ts'
import { newest } from './columns.ts'

describe.each(Object.entries(newest))('mongodb %s', (name, driver) =>
  column(`mongodb-${name}`, () => driver, `${name}.0`),
)
