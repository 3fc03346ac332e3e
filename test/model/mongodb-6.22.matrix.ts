import { newest } from '../verdicts/columns.ts'
import { found } from './found.ts'
import { modelTest } from './model.ts'

modelTest('6.22', newest['6.22'], 2_000, found)
