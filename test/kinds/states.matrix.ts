import { drivers } from '../server/drivers.ts'
import { statesSuite } from './states-suite.ts'

for (const [major, driver] of drivers) if (major !== '7') statesSuite(major, driver)
