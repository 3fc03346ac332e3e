import { column } from './column.ts'
import { oldest } from './columns.ts'

column('mongodb-7.0', () => oldest('7.0.0'), '7.0.0')
