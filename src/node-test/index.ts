import { mapStacks } from '../report/source.ts'
import { beginFile } from '../runner.ts'
import { installHooks } from './hooks.ts'
import { runsTests, sharesProcess } from './process.ts'

if (runsTests()) {
  mapStacks()
  beginFile(sharesProcess() ? undefined : process.argv[1])
  installHooks()
}
