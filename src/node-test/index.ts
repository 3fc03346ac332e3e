import { mapStacks } from '../report/source.ts'
import { beginFile } from '../runner.ts'
import { refuseElsewhere } from '../runner-here.ts'
import { state } from '../state.ts'
import { installHooks } from './hooks.ts'
import { markProcess, runsTests, sharesProcess } from './process.ts'

refuseElsewhere('node:test')
if (runsTests()) {
  markProcess()
  mapStacks()
  state().hangs = true
  beginFile(sharesProcess() ? undefined : process.argv[1])
  installHooks()
}
