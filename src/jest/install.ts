import { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections } from '../matchers/index.ts'
import { CursorLeakSetupError } from '../runner-here.ts'
import { installHooks, type JestGlobals } from './hooks.ts'

const matchers: object = { toHaveNoLeakedCursors, toHaveNoOpenServerCursors, toHaveStableConnections }

const TOO_EARLY =
  'cursorleak/jest was loaded before Jest has its hooks: list it in `setupFilesAfterEnv`, not in `setupFiles`'

/**
 * Jest evaluates the entry anew for each test file, in that file's vm context.
 * @param globals imported: `injectGlobals: false` takes the globals away
 */
export function install(globals: object): void {
  const { beforeAll, beforeEach, afterEach, afterAll, expect } = globals as Partial<JestGlobals>
  if (!beforeAll || !beforeEach || !afterEach || !afterAll || !expect) throw new CursorLeakSetupError(TOO_EARLY)
  ;(expect as unknown as { extend(matchers: object): void }).extend(matchers)
  installHooks({ beforeAll, beforeEach, afterEach, afterAll, expect })
}
