import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('4.17', newest['4.17'], 2_000, found)
