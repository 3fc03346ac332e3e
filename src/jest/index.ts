import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals'
import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'
import { installHooks, type JestGlobals } from './hooks.ts'

const matchers: object = { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections }
;(expect as unknown as { extend(matchers: object): void }).extend(matchers)

// Jest evaluates this anew for each test file, in that file's vm context. Imported: `injectGlobals: false` takes the
// globals away.
installHooks({ beforeAll, beforeEach, afterEach, afterAll, expect } as unknown as JestGlobals)
