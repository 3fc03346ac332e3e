import pc from 'picocolors'
import type { Leak } from './leak.ts'
import { message } from './message.ts'

/** The text of a warning: the message and the creation frames. Coloured where the terminal takes it (NO_COLOR is honoured). */
export function warning(leak: Leak): string {
  const [first, ...rest] = message(leak).split('\n')
  return [`${pc.yellow('cursorleak warning:')} ${first}`, ...rest, pc.dim(leak.stack)].join('\n')
}
