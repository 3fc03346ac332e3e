import * as vitest from 'vitest'
import { installAround } from './around.ts'
import { beginVitestFile } from './file.ts'
import { addMatchers } from './matchers.ts'

// Switched off, too: an assertion must say so, not be missing.
addMatchers(vitest)
// Registered from the module's body: with `isolate: false` a setup file is evaluated anew for every test file, while
// its imports are not. The namespace import: older versions do not export every name that is asked for here.
if (beginVitestFile(vitest)) {
  if ('aroundEach' in vitest && 'aroundAll' in vitest) installAround(vitest)
  else (await import('./wrapped.ts')).installWrapped(vitest)
}
