import { drivers } from '../server/drivers.ts'
import { streamsSuite } from './streams-suite.ts'

for (const [major, driver] of drivers) if (major !== '7') streamsSuite(major, driver)
