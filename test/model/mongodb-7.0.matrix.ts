import { oldest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('7.0', () => oldest('7.0.0'), 500, found)
