import { column } from './column.ts'
import { oldest } from './columns.ts'

column('mongodb-6.0', () => oldest('6.0.0'), '6.0.0')
