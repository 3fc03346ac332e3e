import { column } from './column.ts'
import { oldest } from './columns.ts'

column('mongodb-4.0', () => oldest('4.0.0'), '4.0.0')
