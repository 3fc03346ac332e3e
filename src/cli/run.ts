import { endAs, runChild } from './child.ts'
import { UsageError } from './usage.ts'

const HELP = `usage: cursorleak run -- <command> [arguments]

Runs a command with every Node process in it traced, as by \`node --import cursorleak/register\`:
  cursorleak run -- node app.js
  CURSORLEAK_EVERY=60 cursorleak run -- npm start
Ends with the command's exit code.
`

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
  const register = import.meta.resolve('cursorleak/register')
  // A file URL has no space in it, so that NODE_OPTIONS needs no quotes.
  const options = `${process.env.NODE_OPTIONS ?? ''} --import=${register}`.trim()
  return endAs(await runChild('run', file, rest, { NODE_OPTIONS: options }))
}
