#!/usr/bin/env node
import { printable, printableLines } from '../report/printable.ts'
import { endWithReader } from './output.ts'
import { USAGE, UsageError } from './usage.ts'

/** A command takes its arguments and says its exit code. Loaded only when it is asked for: some bring a driver. */
type Command = (args: string[]) => Promise<number>

const COMMANDS: Record<string, () => Promise<{ command: Command }>> = {
  baseline: () => import('./baseline.ts'),
  doctor: () => import('./doctor.ts'),
  run: () => import('./run.ts'),
  watch: () => import('./watch.ts'),
}

/** Room for a driver's own sentence. */
const MAX = 2_000

async function main([name = 'help', ...args]: string[]): Promise<number> {
  if (name === 'help' || name === '--help' || name === '-h') {
    const asked = Object.hasOwn(COMMANDS, args[0] ?? '') ? COMMANDS[args[0] ?? ''] : undefined
    if (asked) return (await asked()).command(['--help'])
    process.stdout.write(USAGE)
    return 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    throw new UsageError(`there is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')} and help`)
  }
  return (await load()).command(args)
}

/** A folder that is gone, a disk that is full: nothing in our code tells more than the sentence does. */
const isOfSystem = (error: unknown): error is Error => error instanceof Error && 'syscall' in error

endWithReader()
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`cursorleak: ${printable(error.message, MAX)}\n`)
  else if (isOfSystem(error)) process.stderr.write(`cursorleak: ${printable(error.message, MAX)}\n`)
  else process.stderr.write(`cursorleak: ${printableLines((error instanceof Error && error.stack) || String(error))}\n`)
  process.exitCode = error instanceof UsageError ? error.exitCode : 1
}
// A connection that could not be closed in time keeps the process alive; what is written by now is out by then.
setTimeout(() => process.exit(), 500).unref()
