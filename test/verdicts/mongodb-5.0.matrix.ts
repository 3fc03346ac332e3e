import { column } from './column.ts'
import { oldest } from './columns.ts'

column('mongodb-5.0', () => oldest('5.0.0'), '5.0.0')
