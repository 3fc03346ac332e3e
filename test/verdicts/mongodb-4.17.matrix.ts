import { column } from './column.ts'
import { newest } from './columns.ts'

column('mongodb-4.17', () => newest['4.17'], '4.17.0')
