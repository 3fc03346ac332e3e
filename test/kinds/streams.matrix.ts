import { drivers } from '../server/drivers.ts'
import { streamsSuite } from './streams-suite.ts'

for (const [major, driver] of drivers) if (major === '5' || major === '6') streamsSuite(major, driver)
