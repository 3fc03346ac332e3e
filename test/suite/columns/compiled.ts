import path from 'node:path'
import { sandbox } from '../../../scripts/sandbox.mjs'
import { compile, linkSelf } from '../../support/compile.ts'
import { SUITE } from '../../support/suite.ts'

const CACHE = path.resolve(import.meta.dirname, '../../../.cache/suite')

/** The suite as a build has made it, for a runner that is the root's own. Renewed at every call. */
export function compiledHere(name: string, format: 'esm' | 'cjs'): string {
  const folder = path.join(CACHE, name)
  compile(SUITE, folder, format)
  linkSelf(folder)
  return folder
}

/** The same in a project of its own with exactly these packages. */
export async function compiledIn(
  dependencies: Record<string, string>,
  name: string,
  format: 'esm' | 'cjs',
): Promise<{ folder: string; modules: string }> {
  const project = await sandbox(dependencies, { name })
  const folder = path.join(project, 'suite')
  compile(SUITE, folder, format)
  return { folder, modules: path.join(project, 'node_modules') }
}

/** The sources as they are, for what runs TypeScript itself. */
export async function sourcesIn(
  dependencies: Record<string, string>,
  name: string,
): Promise<{ folder: string; modules: string }> {
  const folder = await sandbox(dependencies, { files: SUITE, name })
  return { folder, modules: path.join(folder, 'node_modules') }
}
