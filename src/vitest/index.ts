import * as vitest from 'vitest'
import { installAround } from './around.ts'
import { beginVitestFile } from './file.ts'

// Registered from the module's body: with `isolate: false` a setup file is evaluated anew for every test file, while
// its imports are not. The namespace import: older versions do not export every name that is asked for here.
if (beginVitestFile(vitest)) {
  if ('aroundEach' in vitest && 'aroundAll' in vitest) installAround(vitest)
  else (await import('./wrapped.ts')).installWrapped(vitest)
}
