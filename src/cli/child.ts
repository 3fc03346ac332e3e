import { spawn } from 'node:child_process'
import { errorText, sayOnce } from '../say.ts'
import { DEADLY, dieOf, isOfTerminal } from './deadly.ts'
import { UsageError } from './usage.ts'

/** The signals that a terminal or a supervisor sends to the whole command. */
const FORWARDED: readonly NodeJS.Signals[] = [...DEADLY, 'SIGUSR2']

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/**
 * Runs a command to its end in this terminal, passing signals on.
 * @param before waited for before a signal that ends a program is passed on; a second signal does not wait
 */
export function runChild(
  name: string,
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  before?: (signal: NodeJS.Signals) => Promise<void>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // On Windows npm and npx are scripts, which only a shell can run.
    const child = spawn(file, args, {
      env: { ...process.env, ...env },
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    let isEnding = false
    const forward = (signal: NodeJS.Signals): void => {
      if (isOfTerminal(signal)) return
      const pass = (): void => void child.kill(signal)
      if (!before || isEnding || !DEADLY.includes(signal)) {
        pass()
        return
      }
      isEnding = true
      before(signal)
        .catch((error: unknown) => sayOnce(`the report could not be asked for: ${errorText(error)}`))
        .finally(() => {
          isEnding = false
          pass()
        })
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    child.once('error', (error) => reject(new UsageError(`${name}: cannot start ${file}: ${error.message}`)))
    child.once('exit', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward)
      resolve({ code, signal })
    })
  })
}

/** Ends as the command ended, so that a shell or a supervisor sees the same. */
export function endAs({ code, signal }: Ended): number {
  return signal ? dieOf(signal) : (code ?? 1)
}
