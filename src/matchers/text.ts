import { codeFrame } from '../report/code-frame.ts'
import type { Leak } from '../report/leak.ts'
import { creation, headline, pageOf } from '../report/message.ts'
import { printable } from '../report/printable.ts'
import type { Look } from './look.ts'

/** One creation site: what leaked, its line with the code around it, how to fix it. */
function site(leak: Leak): string {
  const frame = leak.createdAt ? codeFrame(leak.createdAt).map((line) => `    ${line}`.trimEnd()) : []
  return [
    `  ${headline(leak)}`,
    `    ${creation(leak)}`,
    ...(frame.length > 0 ? ['', ...frame, ''] : []),
    ...leak.notes.map((note) => `    note: ${printable(note)}`),
    `    to fix it: ${leak.fix}`,
    `    read more: ${pageOf(leak)}`,
  ].join('\n')
}

/** The failure of `toHaveNoLeakedCursors()`. Beyond `max` creation sites the rest is counted. */
export function leaked({ target, leaks }: Look, max: number): string {
  const shown = leaks.slice(0, max)
  const rest = leaks.length - shown.length
  return [
    `expected no leaked cursors on ${printable(target.name)}, but ${count(leaks)}`,
    ...shown.map(site),
    ...(rest > 0 ? [`  ${rest} more creation sites leaked; the option maxReported (${max}) hides them`] : []),
  ].join('\n\n')
}

function count(leaks: readonly Leak[]): string {
  const total = leaks.reduce((sum, leak) => sum + leak.count, 0)
  const places = leaks.length === 1 ? 'one line' : `${leaks.length} lines`
  return total === 1 ? 'one was left behind:' : `${total} were left behind by ${places}:`
}

/** The failure of `.not.toHaveNoLeakedCursors()`. */
export function notLeaked({ target, open }: Look): string {
  const unsure =
    open === 0
      ? ''
      : `\n  note: of ${open === 1 ? 'one cursor' : `${open} cursors`} only the collection's indexes tell, which takes waiting: the check at the test's end asks for them`
  return `expected leaked cursors on ${printable(target.name)}, but there are none: each was closed, or read to its end${unsure}`
}
