import pc from 'picocolors'
import { codeFrame } from './code-frame.ts'
import { shortFrame } from './frames.ts'
import type { Leak } from './leak.ts'
import { message } from './message.ts'
import { printable } from './printable.ts'
import { shortPath } from './stack-location.ts'

/**
 * The text of a warning: where it was found, the message, and what a runner prints below a failure: the code around the
 * line, and the frames (not for a client). Unlike a failure it stands under no test's name, so it brings that along.
 * Coloured where the terminal takes it (NO_COLOR is honoured).
 * @param file where no test is known
 */
export function warning(leak: Leak, file?: string): string {
  const [first, ...rest] = message(leak).split('\n')
  const where = leak.test === undefined ? file && printable(shortPath(file)) : `"${printable(leak.test)}"`
  const head = pc.yellow(`cursorleak warning${where ? ` in ${where}` : ''}:`)
  // The file that is named is the one to close it: how it came to open it is of no use.
  const below = leak.kind === 'client' ? [] : belowOf(leak)
  return [`${head} ${first}`, ...rest, ...below].join('\n')
}

function belowOf({ createdAt, stack }: Leak): string[] {
  const code = createdAt ? codeFrame(createdAt).map((line) => `    ${line}`) : []
  const frames = stack.split('\n').filter(Boolean).map(shortFrame)
  return [...(code.length > 0 ? ['', ...code, ''] : []), ...frames.map((line) => pc.dim(line))]
}
