import { column } from './column.ts'
import { newest } from './columns.ts'

column('mongodb-6.22', () => newest['6.22'], '6.22.0')
