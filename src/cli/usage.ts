/** A command line that can't be used: said in one sentence, exit code 64 as for every wrong use of a command. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export const EXIT_USAGE = 64

export const USAGE = `usage: cursorleak <command>

  run -- node app.js        traces a running app: prints what leaked at its exit, on SIGUSR2, every so often
  watch <uri>               connections and open cursors of a server over time
  doctor                    versions, what is installed, what would be traced
  help [command]            what a command takes
`
