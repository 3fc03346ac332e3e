import { drivers } from '../server/drivers.ts'
import { unkilledSuite } from './unkilled-suite.ts'

for (const [major, driver] of drivers) unkilledSuite(Number(major), driver)
