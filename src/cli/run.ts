import { spawn } from 'node:child_process'
import { UsageError } from './usage.ts'

const HELP = `usage: cursorleak run -- <command> [arguments]

Runs a command with every Node process in it traced, as by \`node --import cursorleak/register\`:
  cursorleak run -- node app.js
  CURSORLEAK_EVERY=60 cursorleak run -- npm start
Ends with the command's exit code.
`

/** The signals that a terminal or a supervisor sends to the whole command. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const

/** `cursorleak run -- node app.js`: the same as the register entry, for a command that can't be changed. */
export async function command(args: string[]): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(HELP)
    return 0
  }
  const [file, ...rest] = args[0] === '--' ? args.slice(1) : args
  if (file === undefined || file.startsWith('-')) {
    throw new UsageError('run: which command? For example: cursorleak run -- node app.js')
  }
  const { code, signal } = await start(file, rest)
  // Ends as the command ended, so that a shell or a supervisor sees the same.
  if (signal) process.kill(process.pid, signal)
  return code ?? 1
}

function start(file: string, args: string[]): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const register = import.meta.resolve('cursorleak/register')
  // A file URL has no space in it, so that NODE_OPTIONS needs no quotes.
  const options = `${process.env.NODE_OPTIONS ?? ''} --import=${register}`.trim()
  const env = { ...process.env, NODE_OPTIONS: options }
  return new Promise((resolve, reject) => {
    // On Windows npm and npx are scripts, which only a shell can run.
    const child = spawn(file, args, { env, stdio: 'inherit', shell: process.platform === 'win32' })
    const forward = (signal: NodeJS.Signals): void => {
      // Ctrl-C in a terminal reached the command already; twice would make many programs give up their clean-up.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of FORWARDED) process.on(signal, forward)
    child.once('error', (error) => reject(new UsageError(`run: cannot start ${file}: ${error.message}`)))
    child.once('exit', (code, signal) => {
      for (const name of FORWARDED) process.off(name, forward)
      resolve({ code, signal })
    })
  })
}
