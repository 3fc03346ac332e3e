import { describe } from 'vitest'
import { column } from './column.ts'
import { oldest } from './columns.ts'

describe.each(['4.0', '5.0', '6.0', '7.0'] as const)('mongodb %s', (name) =>
  column(`mongodb-${name}`, () => oldest(`${name}.0`), `${name}.0`),
)
