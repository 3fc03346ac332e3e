import { refuseElsewhere, refuseOld } from '../runner-here.ts'
import { installAround } from './around.ts'
import { beginVitestFile } from './file.ts'
import { addMatchers } from './matchers.ts'
import { oldVersion } from './version.ts'

refuseElsewhere('Vitest', true)
// Not a static import: elsewhere there is no such package, or one that throws an error of its own.
const vitest = await import('vitest')
refuseOld('Vitest', oldVersion(vitest))
// Switched off, too: an assertion must say so, not be missing.
addMatchers(vitest)
// Registered from the module's body: with `isolate: false` a setup file is evaluated anew for every test file, while
// its imports are not. The namespace import: older versions do not export every name that is asked for here.
if (beginVitestFile(vitest)) {
  if ('aroundEach' in vitest && 'aroundAll' in vitest) installAround(vitest)
  else (await import('./wrapped.ts')).installWrapped(vitest)
}
