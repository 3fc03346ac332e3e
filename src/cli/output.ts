import { endChildren } from './children.ts'
import { codeOf } from './deadly.ts'

/**
 * Ends a command whose reader has enough, as `head` has after ten lines: quietly, with the code that a shell gives to other
 * programs then, or with the one that is known by now. Where nobody reads stderr, it goes on without.
 */
export function endWithReader(): void {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.stderr.write(`cursorleak: stdout can't be written (${error.code})\n`)
    const code = process.exitCode || (error.code === 'EPIPE' ? codeOf('SIGPIPE') : 1)
    void endChildren('SIGTERM').finally(() => process.exit(code))
  })
}
