import { drivers } from '../server/drivers.ts'
import { sessionSuite } from './session-suite.ts'

for (const [major, driver] of drivers) if (major !== '7') sessionSuite(major, driver)
