import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('5.9', newest['5.9'], 2_000, found)
