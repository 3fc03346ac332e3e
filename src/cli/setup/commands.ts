import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A call of a runner in a script of package.json. */
export interface Call {
  script: string
  /** What follows the runner's name. */
  args: string[]
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

/** Every call of a program in the scripts: by its name, by `npx`, by a path to it, behind `cross-env` or `c8`. */
export function callsOf(program: string, { scripts }: Manifest): Call[] {
  return Object.entries(scripts).flatMap(([script, text]) =>
    text.split(/&&|\|\|?|;|\n/).flatMap((command) => {
      const words = wordsOf(command)
      const at = words.findIndex((word) => isProgram(word, program))
      return at < 0 ? [] : [{ script, args: words.slice(at + 1) }]
    }),
  )
}

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
