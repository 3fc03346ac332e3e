import { mapStacks } from '../report/source.ts'
import { beginFile } from '../runner.ts'
import { installHooks } from './hooks.ts'
import { runsTests } from './process.ts'

if (runsTests()) {
  mapStacks()
  beginFile()
  installHooks()
}
