import { sayIfSetup } from '../wrong-setup.ts'
import { type EncodedOptions, encodeOptions, type PluginOptions, PROVIDED } from './plugin-options.ts'
import { type ProjectConfig, type Vitest, whyOff } from './projects.ts'
import CursorLeakReporter, { isOurs } from './reporter.ts'
import { GLOBAL_SETUP, isSetup, SETUP } from './setup-file.ts'

export type { LeakMeta } from './meta.ts'
export type { PluginOptions } from './plugin-options.ts'

sayIfSetup()

/** What is used of a Vitest configuration. */
interface TestConfig {
  setupFiles?: string | readonly string[]
  globalSetup?: string | readonly string[]
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

/**
 * Checks every test for leaked cursors: adds the setup file before all others, hands the options to it, and prints a
 * summary at the end of the run. It does nothing in benchmarks, type checks and browsers.
 *
 * In a workspace the root's configuration is the place for it: it reaches every project (Vitest 3.1 and later), also those
 * with a configuration of their own. A project is left out by a plugin of its own, `cursorleak({ enabled: false })`.
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
      const root = vitest.config as Vitest['config']
      const off = whyOff(config, root) !== undefined
      config.setupFiles = [...(off ? [] : [SETUP]), ...config.setupFiles.filter((file) => !isSetup(file))]
      if (!off) addReporter(root)
    },
  }
  return plugin
}

function withSetup(test: TestConfig, encoded: EncodedOptions, plugin: CursorLeakPlugin): TestConfig {
  const others = [test.setupFiles ?? []].flat().filter((file) => !isSetup(file))
  const globals = [test.globalSetup ?? []].flat().filter((file) => file !== GLOBAL_SETUP)
  const { projects } = test
  return {
    ...test,
    setupFiles: [SETUP, ...others],
    globalSetup: [...globals, GLOBAL_SETUP],
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

/** Once a run, however many projects have the plugin. */
function addReporter({ reporters }: Vitest['config']): void {
  if (!reporters) return
  if (!reporters.some(isOurs)) reporters.push(new CursorLeakReporter())
}
