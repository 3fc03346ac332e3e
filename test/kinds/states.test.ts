import * as driver from 'mongodb'
import { statesSuite } from './states-suite.ts'

statesSuite('7', driver)
