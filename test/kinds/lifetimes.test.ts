import * as driver from 'mongodb'
import { lifetimesSuite } from './lifetimes-suite.ts'

lifetimesSuite('7', driver)
