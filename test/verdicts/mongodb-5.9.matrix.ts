import { column } from './column.ts'
import { newest } from './columns.ts'

column('mongodb-5.9', () => newest['5.9'], '5.9.0')
