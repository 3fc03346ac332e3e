import * as imported from 'node:fs'

// Taken when the module loads. A test may take `Error` away, replace functions of `fs`, or have the whole module mocked:
// what we see with must not change with it, nor may the calls of its spies count ours.

/** The engine's own `Error` of this realm: its stack limit is the one that counts. */
export const NativeError: ErrorConstructor = Error

/** Past the mocks of a runner, which answer to `require` and `import`. */
const fs: typeof imported = process.getBuiltinModule?.('node:fs') ?? imported

export const { accessSync, appendFileSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync } = fs
export const { readFileSync, readSync, realpathSync, rmSync, statSync, writeFileSync, writeSync } = fs

/** Whether a file is there, also where looking is forbidden: by Node's permission model, or a test that lets `fs` throw. */
export function isThere(file: string): boolean {
  try {
    return existsSync(file)
  } catch {
    // Not to be looked at is as good as not there: the name alone is told.
    return false
  }
}
