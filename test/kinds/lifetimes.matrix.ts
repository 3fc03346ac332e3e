import { drivers } from '../server/drivers.ts'
import { lifetimesSuite } from './lifetimes-suite.ts'

for (const [major, driver] of drivers) if (major !== '7') lifetimesSuite(major, driver)
