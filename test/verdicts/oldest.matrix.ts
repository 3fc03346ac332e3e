import { describe } from 'vitest'
import { MONGODB, OLDEST_MONGODB } from '../versions.ts'
import { column } from './column.ts'
import { oldest } from './columns.ts'

describe.each(OLDEST_MONGODB)('mongodb %s', (name) => column(`mongodb-${name}`, () => oldest(name), MONGODB[name]))
