import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { installHooks, type JestGlobals } from './hooks.ts'

// Jest evaluates this anew for each test file, in that file's vm context. Imported: `injectGlobals: false` takes the
// globals away.
installHooks({ beforeAll, beforeEach, afterEach, afterAll, expect } as unknown as JestGlobals)
