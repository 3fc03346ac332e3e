import * as driver from 'mongodb'
import { sessionSuite } from './session-suite.ts'

sessionSuite('7', driver)
