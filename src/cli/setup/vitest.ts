import { askProgram } from './ask.ts'
import { valuesOf } from './commands.ts'
import { entriesOf } from './entry.ts'
import type { Judged } from './judge.ts'
import type { Run } from './runs.ts'

interface Project {
  name: string
  root: string
  setupFiles: string[]
  globalSetup: string[]
  off?: string
}

/**
 * Run inside the project: resolves the configuration and its projects as a run does, and lets our reporter, or the plugin's
 * way without one, put the setup file in as it does when a run starts.
 */
const PROGRAM = `
import { pathToFileURL } from 'node:url'
import { createVitest } from 'vitest/node'
const [given] = process.argv.slice(1).filter((word) => word !== '--')
const vitest = await createVitest('test', { watch: false, run: true, ...JSON.parse(given) })
const projects = vitest.projects ?? []
const all = [vitest, ...projects]
const list = (value) => [value ?? []].flat()
const global = all.flatMap(({ config }) => list(config.globalSetup)).find((file) => /cursorleak[\\\\/]dist[\\\\/]vitest[\\\\/]global-setup\\.mjs$/.test(file))
const ours = (vitest.reporters ?? []).find((one) => one && Symbol.for('cursorleak.reporter') in one)
if (ours) ours.onInit(vitest)
else if (global) (await import(pathToFileURL(global).href)).default({ vitest })
await answer(projects.map((project) => {
  const { name, root, setupFiles, globalSetup, mode, benchmark, browser, typecheck } = project.config
  const json = project.getProvidedContext?.()?.cursorleak?.json ?? project.config.provide?.cursorleak?.json
  const off =
    mode === 'benchmark' || benchmark?.enabled ? 'benchmarks' : browser?.enabled ? 'a browser' : typecheck?.only ? 'type checks'
    : json && JSON.parse(json).enabled === false ? '\`enabled: false\`'
    : json && JSON.parse(json).detail === 'off' ? "\`detail: 'off'\`" : undefined
  return { name: name ?? '', root, setupFiles: list(setupFiles), globalSetup: list(globalSetup), off }
}))
process.exit(0)
`

/** What Vitest makes of its command line. */
const given = (args: readonly string[]): object => ({
  ...Object.fromEntries(
    ['root', 'config', 'mode', 'workspace'].flatMap((name) => {
      const value = valuesOf(args, `--${name}`).at(-1)
      return value === undefined ? [] : [[name, value]]
    }),
  ),
  // Those of the command line stand instead of those of the configuration.
  ...(args.includes('--reporter') && { reporter: valuesOf(args, '--reporter') }),
})

export async function judgeVitest({ args, folder, env }: Run): Promise<Judged[]> {
  const projects = await askProgram<Project[]>(PROGRAM, [JSON.stringify(given(args))], folder, env)
  return projects.map(({ name, root, setupFiles, globalSetup, off }) => {
    const entries = entriesOf(setupFiles, root)
    const project = projects.length > 1 ? name || root : undefined
    if (off !== undefined) return { project, roots: [root], off }
    if (entries.includes('cursorleak/vitest')) return { project, roots: [root], by: 'cursorleak/vitest' }
    return { project, roots: [root], why: why() }

    function why(): string {
      if (entriesOf(globalSetup, root).includes('cursorleak/vitest'))
        return '`cursorleak/vitest` belongs in `setupFiles`, not in `globalSetup`'
      const [other] = entries
      if (other) return `\`${other}\` checks no test of Vitest: list \`cursorleak/vitest\` in \`setupFiles\``
      return 'no `cursorleak/vitest` in its `setupFiles`, and no plugin or reporter of ours that reaches it'
    }
  })
}
