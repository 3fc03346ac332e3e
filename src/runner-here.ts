import path from 'node:path'
import { RUNNERS } from './cli/supported.ts'
import { readFileSync, realpathSync } from './native.ts'
import { printable } from './report/printable.ts'

/** What each runner loads, and how. */
export const WAYS = {
  Vitest: "list 'cursorleak/vitest' in `setupFiles`",
  Jest: "list 'cursorleak/jest' in `setupFilesAfterEnv`",
  Mocha: 'load it by `mocha --require cursorleak/mocha`, or "require": ["cursorleak/mocha"] in .mocharc.json',
  'node:test': 'start it by `node --import cursorleak/node-test --test`',
} as const
export type Runner = keyof typeof WAYS

/** Runtimes whose own test runners have no entry. */
const API_ONLY = {
  Bun: "call `startTrace()`, `instrument(mongodb)` and, in the tests, `assertNoLeakedCursors()` from 'cursorleak'",
  Deno: "call `startTrace()` and, in the tests, `assertNoLeakedCursors()` from 'cursorleak'",
} as const

const ENTRIES: Record<Runner, string> = {
  Vitest: 'cursorleak/vitest',
  Jest: 'cursorleak/jest',
  Mocha: 'cursorleak/mocha',
  'node:test': 'cursorleak/node-test',
}

/** An entry of ours stands where it can't work: without this error the run would be green and unchecked. */
export class CursorLeakSetupError extends Error {
  override name = 'CursorLeakSetupError'
  constructor(sentence: string) {
    super(`cursorleak: ${sentence}`)
    // No line of ours helps: the sentence says whose line is to be changed.
    this.stack = `${this.name}: ${this.message}`
  }
}

/** The runner whose test file, or process, this is; undefined where nothing tells. */
export function runnerHere(): Runner | keyof typeof API_ONLY | undefined {
  if ('__vitest_worker__' in globalThis) return 'Vitest'
  // On the global object of every environment of Jest's.
  if (Symbol.for('jest-native-promise') in globalThis) return 'Jest'
  if (mochaVersion() !== undefined) return 'Mocha'
  const { env, execArgv, versions } = process
  if (versions.bun !== undefined) return 'Bun'
  if (versions.deno !== undefined) return 'Deno'
  return env.NODE_TEST_CONTEXT !== undefined || execArgv.includes('--test') ? 'node:test' : undefined
}

/** The version of the Mocha that this process was started as, or as a parallel worker of. */
export function mochaVersion(): string | undefined {
  const [, script = ''] = process.argv
  try {
    const [, folder] = /^(.*[\\/]mocha)[\\/](?:bin|lib)[\\/]/.exec(realpathSync(script)) ?? []
    if (folder === undefined) return undefined
    const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
    return name === 'mocha' ? version : undefined
  } catch {
    // No script, as with --eval, or a folder that only has this name.
    return undefined
  }
}

interface Manifest {
  name?: string
  version?: string
}

/**
 * Throws where another runner runs than the one an entry is for.
 * @param isCertain the entry's own runner is known by what it has put here; else nobody's counts as its own
 */
export function refuseElsewhere(own: Runner, isCertain = false): void {
  const here = runnerHere()
  if (here === own || (here === undefined && !isCertain)) return
  throw wrongRunner(own, here)
}

export function wrongRunner(own: Runner, here: ReturnType<typeof runnerHere>): CursorLeakSetupError {
  const entry = ENTRIES[own]
  if (here === undefined || here === own)
    return new CursorLeakSetupError(`${entry} was loaded outside of ${own}: ${WAYS[own]}`)
  if (here === 'Bun' || here === 'Deno')
    return new CursorLeakSetupError(`${entry} is for ${own}, and this is ${here}: ${API_ONLY[here]}`)
  return new CursorLeakSetupError(`${entry} is for ${own}, and this is ${here}: ${WAYS[here]} instead`)
}

/**
 * Throws where a runner is older than what is supported: what its hooks do there is not known.
 * @param version undefined where nothing tells: then it is taken for a supported one
 */
export function refuseOld(own: Runner, version: string | undefined): void {
  const [least, greatest] = RUNNERS[own.toLowerCase()] ?? [0, 0]
  if (version === undefined || !(Number.parseInt(version, 10) < least)) return
  throw new CursorLeakSetupError(
    `this is ${own} ${printable(version)}, and ${ENTRIES[own]} is for ${own} ${least} to ${greatest}: update it, or take our line out`,
  )
}
