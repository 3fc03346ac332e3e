import { drivers } from '../server/drivers.ts'
import { serverErrorSuite } from './server-error-suite.ts'

for (const [major, driver] of drivers) serverErrorSuite(major, driver)
