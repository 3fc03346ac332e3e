import { column } from './column.ts'
import { newest } from './columns.ts'

column('mongodb-7.9', () => newest['7.9'], '7.9.0')
