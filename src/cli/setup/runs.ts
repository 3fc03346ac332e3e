import { readdirSync } from 'node:fs'
import path from 'node:path'
import { callsOf, type Manifest, valuesOf } from './commands.ts'

/** One way in which a project runs its tests. */
export interface Run {
  /** As a user would type it: `jest --config test/jest-e2e.json`. */
  name: string
  args: string[]
}

/** Where configurations of further suites usually lie. */
const FOLDERS = ['.', 'test', 'tests', 'e2e']

/** Configurations by name: the one that is taken by itself, and those that have to be named. */
const OF = {
  jest: {
    own: /^jest\.config\.([cm]?[jt]s|json)$/,
    named:
      /^jest[-.](?!config\.|setup)[\w.-]+\.json$|^jest[.-]([\w-]+[.-])+config\.[cm]?[jt]s$|^jest\.config\.[\w-]+\.([cm]?[jt]s|json)$/,
  },
  vitest: {
    own: /^(vitest\.(config|workspace)|vite\.config)\.[cm]?[jt]s$/,
    named: /^vitest[.-]([\w-]+[.-])+config\.[cm]?[jt]s$|^vitest\.config\.[\w-]+\.[cm]?[jt]s$/,
  },
  mocha: { own: /^\.mocharc\.([cm]?js|json|jsonc|ya?ml)$/, named: /^\.mocharc\.[\w-]+\.([cm]?js|json|jsonc|ya?ml)$/ },
} as const
export type Configured = keyof typeof OF

/** Every run of a runner that the project's files name: by itself, by its scripts, by a further configuration. */
export function runsOf(runner: Configured, folder: string, manifest: Manifest): Run[] {
  const found = new Map<string, Run>()
  const add = (args: string[]): void => {
    const name = [runner, ...args].join(' ')
    if (!found.has(name)) found.set(name, { name, args })
  }
  const { own, named } = OF[runner]
  const calls = callsOf(runner, manifest)
  const hasKey = runner !== 'vitest' && manifest[runner] !== undefined
  // Mocha's own options are in its calls as well, so each of them is asked.
  const isOwn = (file: string): boolean =>
    own.test(file) && (!file.startsWith('vite.') || manifest.depends.includes('vitest'))
  const plain = calls.filter(({ args }) => configsOf(args).length === 0)
  if (runner === 'mocha') for (const { args } of plain) add(args)
  if (found.size === 0 && (plain.length > 0 || hasKey || filesIn(folder).some(isOwn))) add([])
  for (const { args } of calls) {
    for (const config of configsOf(args)) add(runner === 'mocha' ? args : ['--config', path.normalize(config)])
  }
  for (const below of FOLDERS) {
    for (const file of filesIn(path.join(folder, below))) {
      if (named.test(file) && !/mongodb/.test(file)) add(['--config', path.join(below, file)])
    }
  }
  return [...found.values()]
}

const configsOf = (args: readonly string[]): string[] => valuesOf(args, '--config', '-c')

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    // No such folder here.
    return []
  }
}
