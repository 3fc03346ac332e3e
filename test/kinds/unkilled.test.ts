import * as driver from 'mongodb'
import { unkilledSuite } from './unkilled-suite.ts'

const FEW = [
  'two close() at once of a change stream of a database',
  'a paused stream whose signal is aborted',
  'close() beside endSession()',
  'close(), then endSession()',
  'a change stream closed once',
]
unkilledSuite(7, driver, (name) => FEW.includes(name))
