import path from 'node:path'
import { RUN_FOLDER } from './app/asked.ts'
import { realpathSync } from './native.ts'
import { requireHere } from './require.ts'
import { runnerHere, WAYS } from './runner-here.ts'
import { guard, sayOnce } from './say.ts'

/** What of ours checks no test, by its file. Entries of other runners fail by themselves. */
const IDLE: Readonly<Record<string, string>> = {
  index: 'cursorleak',
  'matchers/index': 'cursorleak/matchers',
  'vitest/plugin': 'cursorleak/vitest/plugin',
  'vitest/reporter': 'cursorleak/vitest/reporter',
}

/**
 * Says that an entry of ours which checks no test stands in Vitest's `setupFiles` and the one that does not: else the run
 * would be green and unchecked. Only this list tells a setup file from a test that imports the same.
 */
export function sayIfSetup(): void {
  if (!('__vitest_worker__' in globalThis)) return
  guard('looking at setupFiles', () => {
    const { __vitest_worker__: worker } = globalThis as { __vitest_worker__?: { config?: { setupFiles?: unknown } } }
    const files = worker?.config?.setupFiles
    if (!Array.isArray(files)) return
    const right = requireHere().resolve('cursorleak/vitest')
    const ours = path.dirname(path.dirname(right)) + path.sep
    const listed = files.map(realOf).filter((file) => file.startsWith(ours))
    if (listed.includes(realOf(right))) return
    const names = listed.map((file) =>
      file
        .slice(ours.length)
        .replaceAll('\\', '/')
        .replace(/\.\w+$/, ''),
    )
    const [entry] = names.flatMap((name) => IDLE[name] ?? [])
    if (entry !== undefined) sayOnce(`${entry} in Vitest's \`setupFiles\` checks no test: ${WAYS.Vitest}`)
  })
}

const realOf = (file: unknown): string => {
  try {
    return realpathSync(String(file))
  } catch {
    // A name that the runner has not resolved: none of ours, which are installed.
    return ''
  }
}

/** The same of `cursorleak/register`, which a runner has loaded: a program's report is no check of its tests. */
export function sayIfRegistered(): void {
  const { execArgv, env } = process
  // Meant for the process as it is: by `cursorleak run`, or on Node's own command line.
  if (env[RUN_FOLDER] || [...execArgv, env.NODE_OPTIONS ?? ''].some((text) => text.includes('register'))) return
  const here = runnerHere()
  if (here === 'Vitest' || here === 'Jest' || here === 'Mocha')
    sayOnce(
      `cursorleak/register reports at the end of a program and checks no test, and this is ${here}: ${WAYS[here]}`,
    )
}
