import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A call of a runner in a script of package.json. */
export interface Call {
  script: string
  /** What follows the runner's name. */
  args: string[]
  /** The folder in which it is called, relative to the project's: `.` without a `cd`. */
  folder: string
  /** What the script sets for it. */
  env: Record<string, string>
  /** The command as it is written, where it can't be told what it runs, or where. */
  unclear?: string
}

export interface Manifest {
  scripts: Record<string, string>
  jest?: unknown
  mocha?: unknown
  /** Names of what it depends on. */
  depends: string[]
}

/** The project's package.json; an empty one where there is none. */
export function manifestOf(folder: string): Manifest {
  try {
    const read = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Partial<Manifest> & {
      dependencies?: object
      devDependencies?: object
    }
    const { scripts, jest, mocha, dependencies, devDependencies } = read ?? {}
    const texts = Object.entries(scripts ?? {}).filter(([, text]) => typeof text === 'string')
    return {
      scripts: Object.fromEntries(texts),
      jest,
      mocha,
      depends: Object.keys({ ...dependencies, ...devDependencies }),
    }
  } catch {
    // None, or one that no tool can read: npm says so.
    return { scripts: {}, depends: [] }
  }
}

interface Where {
  script: string
  folder: string
  env: Record<string, string>
  isUnclear: boolean
}

/** Every call of a program in the scripts: by its name, by `npx`, by a path to it, behind `cross-env` or `c8`. */
export const callsOf = (program: string, { scripts }: Manifest): Call[] =>
  Object.entries(scripts).flatMap(([script, text]) =>
    callsIn(text, program, { script, folder: '.', env: {}, isUnclear: false }),
  )

/** Follows `cd`, and what is set in front of a command, through the commands of one text. */
function callsIn(text: string, program: string, start: Where): Call[] {
  let { folder, isUnclear } = start
  const env = { ...start.env }
  // In brackets a `cd` ends with them; which commands that are, only a shell tells.
  if (/[()]/.test(text) && /\b(?:cd|pushd)\s/.test(text)) isUnclear = true
  return commandsOf(text).flatMap((command) => {
    const words = wordsOf(command).map((word) => word.replace(/^\(+|\)+$/g, ''))
    const [first, second] = words
    if (first === 'cd' || first === 'pushd' || first === 'popd') {
      if (second === undefined || second === '-' || first === 'popd' || isExpanded(second)) isUnclear = true
      else folder = path.isAbsolute(second) ? second : path.join(folder, second)
      return []
    }
    const sets = assignmentsOf(words)
    if (first === 'export' || first === 'set') Object.assign(env, sets)
    const at = words.findIndex((word) => isProgram(word, program))
    const where = { ...start, folder, env: { ...env, ...sets } }
    if (at < 0) {
      // A command in quotes: `concurrently "vitest run" …`, `sh -c '…'`.
      const inner = words.filter((word) => /\s/.test(word) && wordsOf(word).length > 1)
      return inner.flatMap((word) => callsIn(word, program, { ...where, isUnclear: isUnclear || isElsewhere(words) }))
    }
    const args = words.slice(at + 1)
    const telling = Object.entries(where.env).flatMap(([name, value]) => (isTelling(name) ? [value] : []))
    const unclear =
      isUnclear || isElsewhere(words.slice(0, at)) || isExpanded(...telling, ...valuesOf(args, ...TELLING))
    return [{ script: start.script, args, folder, env: where.env, ...(unclear ? { unclear: command.trim() } : {}) }]
  })
}

/** The commands of a text: what is in quotes separates none. */
function commandsOf(text: string): string[] {
  const [, ...all] = text.match(/(?:"[^"]*"|'[^']*'|[^"'&|;\n]|&(?!&)|["'])+|&&|\|\|?|;|\n/g)?.reduce<string[][]>(
    (found, part) => {
      if (/^(?:&&|\|\|?|;|\n)$/.test(part)) found.push([])
      else found.at(-1)?.push(part)
      return found
    },
    [[], []],
  ) ?? [[]]
  return all.map((parts) => parts.join('')).filter((command) => command.trim() !== '')
}

/** `A=b` in front of a command, behind `env` or behind `cross-env`. */
function assignmentsOf(words: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const word of words) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? []
    if (name !== undefined) found[name] = value
    else if (!/^(?:export|set|env|cross-env|cross-env-shell|npx|pnpx|yarn|pnpm|exec|--)$/.test(word)) break
  }
  return found
}

/** Variables that tell whether a run is checked. */
export const isTelling = (variable: string): boolean => /^(?:CURSORLEAK\w*|NODE_OPTIONS)$/.test(variable)

/** Options of all runners that tell which files are loaded. */
const TELLING = ['--config', '-c', '--root', '--rootDir', '--reporter', '--preset', '--require', '-r', '--import']

/** Words that take a command into another folder, package or machine. */
const isElsewhere = (words: readonly string[]): boolean =>
  words.some((word) => /^(?:docker|docker-compose|podman|ssh|kubectl)$/.test(word)) ||
  (words.some((word) => /^(?:npm|npx|pnpm|pnpx|yarn|bun|lerna|nx|turbo|rush)$/.test(word)) &&
    words.some((word) =>
      /^(?:-C|-w|-F|-r|--(?:prefix|cwd|dir|filter|workspaces?|recursive)(?:=.*)?|workspaces?|foreach)$/.test(word),
    ))

/** What only a shell can tell. */
const isExpanded = (...texts: string[]): boolean => texts.some((text) => /\$[\w{(]|`|%\w+%/.test(text))

/** The words of one command, quotes taken away. */
export const wordsOf = (command: string): string[] =>
  [...command.matchAll(/(?:"([^"]*)"|'([^']*)'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ''))

const isProgram = (word: string, program: string): boolean =>
  word === program || new RegExp(`[\\\\/](?:\\.bin[\\\\/]${program}(?:\\.cmd)?|${program}(?:\\.[cm]?js)?)$`).test(word)

/** The values of an option: `--config x`, `--config=x`, `-c x`. */
export function valuesOf(args: readonly string[], ...names: string[]): string[] {
  return args.flatMap((word, i) => {
    const [name = '', ...rest] = word.split('=')
    if (!names.includes(name)) return []
    const value = rest.length > 0 ? rest.join('=') : args[i + 1]
    return value === undefined ? [] : [value]
  })
}
