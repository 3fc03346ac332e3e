const EXIT_USAGE = 64

/** What a user can put right: said in one sentence. Exit code 64 for a command line that can't be used. */
export class UsageError extends Error {
  override name = 'UsageError'
  constructor(
    sentence: string,
    readonly exitCode = EXIT_USAGE,
  ) {
    super(sentence)
  }
}

export const USAGE = `usage: cursorleak <command>

  baseline -- <command>     writes the leaks that a suite has today into a file: from then on only new ones fail
  doctor                    versions, where cursorleak is set up, what is wrong with that
  run -- node app.js        traces a running app: prints what leaked at its exit, on SIGUSR2, every so often
  watch <uri>               connections and open cursors of a server over time
  help [command]            what a command takes
`
