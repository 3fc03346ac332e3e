import { describe } from 'vitest'
import { MONGODB } from '../versions.ts'
import { column } from './column.ts'
import { newest } from './columns.ts'

// The first column first: the others are stored where they differ from it.
const NEWEST = (Object.keys(newest) as Array<keyof typeof newest>).reverse()

describe.each(NEWEST)('mongodb %s', (name) => column(`mongodb-${name}`, () => newest[name], MONGODB[name]))
