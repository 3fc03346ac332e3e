import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const made: string[] = []

/**
 * A project of its own outside this checkout, with this package where npm would put it.
 * @param files path to text
 * @param packages what else is installed: packages of this checkout
 */
export function project(files: Record<string, string>, packages: readonly string[] = []): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-project-'))
  made.push(folder)
  const modules = path.join(folder, 'node_modules')
  for (const part of ['package.json', 'dist', 'types', 'jest']) {
    cpSync(path.join(ROOT, part), path.join(modules, 'cursorleak', part), { recursive: true })
  }
  for (const name of ['picocolors', 'source-map-support', ...packages]) {
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name), 'dir')
  }
  write(folder, files)
  return folder
}

/** Writes files below a folder. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** Removes what was made; for `afterAll`. */
export function removeProjects(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
}
