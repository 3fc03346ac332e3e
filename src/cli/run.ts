import { RUN_FOLDER } from '../app/asked.ts'
import { makeFolder, newPlace, orWithout, removeFolder } from '../temporary.ts'
import { askForReports } from './ask.ts'
import { type Ended, endAs, runChild } from './child.ts'
import { UsageError } from './usage.ts'

const HELP = `usage: cursorleak run -- <command> [arguments]

Runs a command with every Node process in it traced, as by \`node --import cursorleak/register\`:
  cursorleak run -- node app.js
  CURSORLEAK_EVERY=60 cursorleak run -- npm start
A signal that would end it is passed on once its report is printed, after a second at the latest; Ctrl-C in a terminal
reaches the command itself (see CURSORLEAK_CATCH_SIGNALS). Ends as the command ends.
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
  // Where nothing can be written, as in a container that is read-only, the program matters more.
  const folder = orWithout(placeForWords, 'signals are passed on without a report')
  if (folder === undefined) return endAs(await runChild('run', file, rest, { NODE_OPTIONS: options }))
  const env = { NODE_OPTIONS: options, [RUN_FOLDER]: folder }
  let ended: Ended
  try {
    ended = await runChild('run', file, rest, env, (signal) => askForReports(folder, signal))
  } finally {
    removeFolder(folder)
  }
  return endAs(ended)
}

function placeForWords(): string {
  const folder = newPlace('run')
  makeFolder(folder)
  return folder
}
