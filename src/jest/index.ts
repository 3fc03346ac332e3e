import { refuseElsewhere, wrongRunner } from '../runner-here.ts'
import { install } from './install.ts'

refuseElsewhere('Jest')
// Not a static import: elsewhere there is no such package, or one that only throws.
const globals = await import('@jest/globals').catch(() => {
  throw wrongRunner('Jest', undefined)
})
install(globals)
