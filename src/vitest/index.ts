import * as vitest from 'vitest'
import { installHooks } from './hooks.ts'

// Registered from the module's body: with `isolate: false` a setup file is evaluated anew for every test file, while
// its imports are not.
installHooks(vitest)
