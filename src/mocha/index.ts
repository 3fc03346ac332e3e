import { mapStacks } from '../report/source.ts'
import { beginFile } from '../runner.ts'
import { mochaVersion, refuseElsewhere, refuseOld } from '../runner-here.ts'
import { state } from '../state.ts'
import { rootHooks } from './hooks.ts'
import type { RootHooks } from './types.ts'
import { hooksTaken, watchForUse } from './unused.ts'

refuseElsewhere('Mocha')
refuseOld('Mocha', mochaVersion())
// Where they are taken already, this is a second copy, in the other module format.
if (!state().hooksTaken) {
  watchForUse()
  mapStacks()
  // From here on, so that what is required after this, and what test files open while they load, is seen as well.
  beginFile()
  state().hangs = true
}

/** Mocha calls it once a process, when every `--require` is loaded and no test file is. */
export const mochaHooks: () => RootHooks = () => {
  hooksTaken()
  return rootHooks()
}
