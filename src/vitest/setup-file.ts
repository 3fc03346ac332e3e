import { createRequire } from 'node:module'
import path from 'node:path'
import { realpathSync } from '../native.ts'

/** The setup file as an absolute path, written as Vite writes paths. Found by name: this code is in a chunk. */
export const SETUP = createRequire(import.meta.url)
  .resolve('cursorleak/vitest')
  .replace(/\\/g, '/')
/** Loaded in the main process, once a run. */
export const GLOBAL_SETUP = path.posix.join(path.posix.dirname(SETUP), 'global-setup.mjs')

/** Whether an entry of `setupFiles` is ours, by its name or by a path that leads to it. */
export function isSetup(file: string): boolean {
  if (file === SETUP || file === 'cursorleak/vitest') return true
  try {
    return realpathSync(file).replace(/\\/g, '/') === SETUP
  } catch {
    // No such file: Vitest says so.
    return false
  }
}
