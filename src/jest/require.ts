import { refuseElsewhere, wrongRunner } from '../runner-here.ts'
import { install } from './install.ts'

refuseElsewhere('Jest')
let globals: typeof import('@jest/globals')
try {
  globals = require('@jest/globals')
} catch {
  // Outside of Jest there is no such package, or one that only throws.
  throw wrongRunner('Jest', undefined)
}
install(globals)
