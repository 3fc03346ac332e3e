import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('7.9', newest['7.9'], 2_000, found)
