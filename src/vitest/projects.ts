import { pathToFileURL } from 'node:url'
import { isSetup, SETUP } from './setup-file.ts'

/** What is used of a project's resolved configuration. */
export interface ProjectConfig {
  name?: string
  setupFiles: string[]
  mode?: string
  benchmark?: { enabled?: boolean }
  browser?: { enabled?: boolean }
  typecheck?: { enabled?: boolean; only?: boolean }
  server?: { deps?: { inline?: true | Array<string | RegExp> } }
}
export interface Project {
  name?: string
  config: ProjectConfig
  /** Vitest 3 and later; what the root provides is in it. */
  getProvidedContext?(): Record<string, unknown>
  /** Vitest 4 and later, internal: which files are transformed. */
  _resolver?: { options?: { inlineFiles?: string[] } }
}
export interface Vitest {
  version?: string
  config: { mode?: string; reporters?: unknown[] }
  projects?: Project[]
  reporters?: unknown[]
}

/** Why a project is left as it is, or undefined. */
export function whyOff(config: ProjectConfig, root: Vitest['config']): string | undefined {
  const isBenchmark = root.mode === 'benchmark' || config.mode === 'benchmark' || config.benchmark?.enabled === true
  if (isBenchmark) return 'benchmarks'
  if (config.browser?.enabled === true) return 'a browser'
  return config.typecheck?.only === true ? 'type checks' : undefined
}

/**
 * Puts the setup file into every project, once Vitest has resolved them: a project with a configuration of its own has
 * nothing of the root's. Where it is listed already, its place stays its user's.
 */
export function reachProjects({ config, projects = [], version = '' }: Vitest): void {
  // These load no file that was not there from the start.
  if (/^(2|3\.0)\./.test(version)) return
  for (const project of projects) {
    if (whyOff(project.config, config) || project.config.setupFiles.some(isSetup)) continue
    project.config.setupFiles = [SETUP, ...project.config.setupFiles]
    // Listed so late, it would be loaded as a package: once a worker, and so for its first file only without isolation.
    const inline = project.config.server?.deps?.inline
    if (Array.isArray(inline)) inline.push(new RegExp(`${escaped(SETUP)}$`))
    project._resolver?.options?.inlineFiles?.push(SETUP, pathToFileURL(SETUP).href)
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
