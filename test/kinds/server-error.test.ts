import * as driver from 'mongodb'
import { serverErrorSuite } from './server-error-suite.ts'

serverErrorSuite('7', driver)
