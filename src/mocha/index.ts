import { mapStacks } from '../report/source.ts'
import { beginFile } from '../runner.ts'
import { state } from '../state.ts'
import { rootHooks } from './hooks.ts'
import type { RootHooks } from './types.ts'

mapStacks()
// From here on, so that what is required after this, and what test files open while they load, is seen as well.
beginFile()
state().hangs = true

/** Mocha calls it once a process, when every `--require` is loaded and no test file is. */
export const mochaHooks: () => RootHooks = rootHooks
