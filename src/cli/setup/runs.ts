import { readdirSync } from 'node:fs'
import path from 'node:path'
import { type Call, callsOf, isTelling, type Manifest, valuesOf } from './commands.ts'

/** One way in which a project runs its tests. */
export interface Run {
  /** As a user would type it: `jest --config test/jest-e2e.json`. */
  name: string
  args: string[]
  /** The folder in which it is called. */
  folder: string
  /** What its script sets. */
  env: Record<string, string>
  /** Why it is not known what it runs. */
  unclear?: string
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

/** What of a command line tells which files of ours a runner loads. Mocha has all of it read by itself. */
const TELLING: Record<Exclude<Configured, 'mocha'>, Record<string, string[]>> = {
  vitest: { '--config': ['-c'], '--root': ['-r'], '--reporter': [], '--mode': [], '--workspace': [] },
  jest: { '--config': ['-c'], '--rootDir': [], '--preset': [] },
}

/** Every run of a runner that the project's files name: by itself, by its scripts, by a further configuration. */
export function runsOf(runner: Configured, folder: string, manifest: Manifest): Run[] {
  const found = new Map<string, Run>()
  const add = (args: string[], { env = {}, folder: below = '.', unclear }: Partial<Call> = {}): void => {
    const set = Object.entries(env).filter(([name]) => isTelling(name))
    const where = below === '.' ? [] : [`in ${below}`]
    const name = [...set.map((pair) => pair.join('=')), runner, ...args, ...where].join(' ')
    const run = { name, args, folder: path.resolve(folder, below), env, ...(unclear ? { unclear } : {}) }
    // What can't be followed is another run than the one that is called the same here.
    const key = `${name}\0${unclear ?? ''}`
    if (!found.has(key)) found.set(key, run)
  }
  const { own, named } = OF[runner]
  const calls = callsOf(runner, manifest)
  const hasKey = runner !== 'vitest' && manifest[runner] !== undefined
  const isOwn = (file: string): boolean =>
    own.test(file) && (!file.startsWith('vite.') || manifest.depends.includes('vitest'))
  const isHere = (call: Call): boolean => call.folder === '.' && call.unclear === undefined
  // Mocha's own options are in its calls as well, so each of them is asked.
  const plain = calls.filter((call) => isHere(call) && argsOf(runner, call).length === 0)
  const asWritten = calls.filter((call) => !plain.includes(call) && configsOf(call).length === 0)
  if (runner === 'mocha') for (const call of [...plain, ...asWritten]) add(call.args, call)
  else for (const call of plain) add([], call)
  if (found.size === 0 && (hasKey || filesIn(folder).some(isOwn))) add([])
  if (runner !== 'mocha') for (const call of asWritten) add(argsOf(runner, call), call)
  for (const call of calls) if (configsOf(call).length > 0) add(argsOf(runner, call), call)
  for (const below of FOLDERS) {
    for (const file of filesIn(path.join(folder, below))) {
      if (named.test(file) && !/mongodb/.test(file)) add(['--config', path.join(below, file)])
    }
  }
  return [...found.values()]
}

const configsOf = ({ args }: Call): string[] => valuesOf(args, '--config', '-c')

/** A call's options that count, each by its long name. */
function argsOf(runner: Configured, { args }: Call): string[] {
  if (runner === 'mocha') return args
  return Object.entries(TELLING[runner]).flatMap(([name, short]) =>
    valuesOf(args, name, ...short).flatMap((value) => [name, name === '--config' ? path.normalize(value) : value]),
  )
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    // No such folder here.
    return []
  }
}
