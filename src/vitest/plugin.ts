import { fileURLToPath } from 'node:url'
import { type EncodedOptions, encodeOptions, type PluginOptions, PROVIDED } from './plugin-options.ts'
import CursorLeakReporter from './reporter.ts'

export type { LeakMeta } from './meta.ts'
export type { PluginOptions } from './plugin-options.ts'

/** What is used of a Vitest configuration. */
interface TestConfig {
  setupFiles?: string | readonly string[]
  provide?: object
  projects?: readonly unknown[]
}
interface UserConfig {
  test?: object
}
interface PluginContext {
  project: { config: object }
  vitest: { config: object }
}

/** A plugin of Vite that Vitest 2 to 5 understand; its type names no version of either. */
export interface CursorLeakPlugin {
  name: 'cursorleak'
  config(config: UserConfig): void
  /** Called by Vitest 3.1 and later, once a project. */
  configureVitest(context: PluginContext): void
}

/** The setup file as an absolute path, written as Vite writes paths. */
const SETUP = fileURLToPath(new URL('./index.mjs', import.meta.url)).replace(/\\/g, '/')

/**
 * Checks every test for leaked cursors: adds the setup file before all others, hands the options to it, and prints a
 * summary at the end of the run. It does nothing in benchmarks, type checks and browsers.
 *
 * In a workspace it belongs to each project that is to be checked (`extends: true` brings it along). Projects that are
 * written inline in `test.projects` get it from the root.
 * @param options data only, see {@link PluginOptions}
 * @throws a `CursorLeakOptionError` for an option that can't be used
 */
export default function cursorleak(options: PluginOptions = {}): CursorLeakPlugin {
  const encoded = encodeOptions(options)
  const plugin: CursorLeakPlugin = {
    name: 'cursorleak',
    // Here, not in configureVitest: what is a setup file by now gets transformed, and so runs again for every file
    // under `isolate: false`.
    config(config) {
      config.test = withSetup(config.test ?? {}, encoded, plugin)
    },
    configureVitest({ project, vitest }) {
      const config = project.config as ProjectConfig
      const off = isOff(config, vitest.config as RootConfig)
      config.setupFiles = [...(off ? [] : [SETUP]), ...config.setupFiles.filter((file) => file !== SETUP)]
      if (!off) addReporter(vitest.config as RootConfig)
    },
  }
  return plugin
}

function withSetup(test: TestConfig, encoded: EncodedOptions, plugin: CursorLeakPlugin): TestConfig {
  const others = [test.setupFiles ?? []].flat().filter((file) => file !== SETUP && file !== 'cursorleak/vitest')
  const { projects } = test
  return {
    ...test,
    setupFiles: [SETUP, ...others],
    provide: { ...test.provide, [PROVIDED]: encoded },
    ...(projects ? { projects: projects.map((project) => withPlugin(project, plugin)) } : {}),
  }
}

interface InlineProject {
  extends?: unknown
  plugins?: unknown[]
}

/** An inline project that does not extend the root's configuration has none of its plugins. */
function withPlugin(project: unknown, plugin: CursorLeakPlugin): unknown {
  if (typeof project !== 'object' || project === null) return project
  const { extends: parent, plugins = [] } = project as InlineProject
  const own = plugins.some((one) => (one as { name?: unknown } | null | undefined)?.name === plugin.name)
  return parent || own ? project : { ...project, plugins: [...plugins, plugin] }
}

interface ProjectConfig {
  setupFiles: string[]
  mode?: string
  benchmark?: { enabled?: boolean }
  browser?: { enabled?: boolean }
  typecheck?: { enabled?: boolean; only?: boolean }
}
interface RootConfig {
  mode?: string
  reporters: unknown[]
}

function isOff(config: ProjectConfig, root: RootConfig): boolean {
  const isBenchmark = root.mode === 'benchmark' || config.mode === 'benchmark' || config.benchmark?.enabled === true
  return isBenchmark || config.browser?.enabled === true || config.typecheck?.only === true
}

/** Once a run, however many projects have the plugin. */
function addReporter({ reporters }: RootConfig): void {
  if (!reporters.some((reporter) => reporter instanceof CursorLeakReporter)) reporters.push(new CursorLeakReporter())
}
