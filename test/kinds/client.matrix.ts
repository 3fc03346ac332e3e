import { drivers } from '../server/drivers.ts'
import { clientSuite } from './client-suite.ts'

for (const [major, driver] of drivers) if (major !== '7') clientSuite(major, driver)
