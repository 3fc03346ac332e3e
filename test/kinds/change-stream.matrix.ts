import { drivers } from '../server/drivers.ts'
import { changeStreamSuite } from './change-stream-suite.ts'

for (const [major, driver] of drivers) changeStreamSuite(major, driver)
