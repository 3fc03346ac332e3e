import { oldest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('5.0', () => oldest('5.0.0'), 500, found)
