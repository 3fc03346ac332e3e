import { drivers } from '../server/drivers.ts'
import { sweptSuite } from './swept-suite.ts'

for (const [major, driver] of drivers) sweptSuite(major, driver)
