import * as driver from 'mongodb'
import { clientSuite } from './client-suite.ts'

clientSuite('7', driver)
