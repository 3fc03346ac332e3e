import pc from 'picocolors'
import { shortPath } from './frames.ts'
import type { Leak } from './leak.ts'
import { message } from './message.ts'
import { printable, printableLines } from './printable.ts'

/**
 * The text of a warning: where it was found, the message and the creation frames (not those of a client). Unlike a
 * failure it stands under no test's name, so it brings that along. Coloured where the terminal takes it (NO_COLOR is
 * honoured).
 * @param file where no test is known
 */
export function warning(leak: Leak, file?: string): string {
  const [first, ...rest] = message(leak).split('\n')
  const where = leak.test === undefined ? file && printable(shortPath(file)) : `"${printable(leak.test)}"`
  const head = pc.yellow(`cursorleak warning${where ? ` in ${where}` : ''}:`)
  // The file that is named is the one to close it: how it came to open it is of no use.
  const frames = leak.kind === 'client' ? [] : [pc.dim(printableLines(leak.stack))]
  return [`${head} ${first}`, ...rest, ...frames].join('\n')
}
