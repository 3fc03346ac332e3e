import { siteText } from './frames.ts'
import type { Leak, LeakState } from './leak.ts'

/** What each state means, as the second half of "… was never closed: …". All text a user reads of a leak is here. */
const MEANING: Record<LeakState, string> = {
  idle: 'built, never used',
  open: 'open on the server',
  abandoned: 'unread documents left; over more data it stays open on the server',
  lost: 'rewound while open, so the driver forgot it and the server still holds it',
  busy: 'still being read when the test ended',
  swept: 'open until its client closed',
  unfinished: 'read part of the way',
  unkilled: 'closed here, still alive on the server',
}

/** The message of one leak: what, where, how to fix it, how to allow it. Stable: no test name, no id, no query value. */
export function message(leak: Leak): string {
  const lines = [headline(leak)]
  lines.push(`  ${creation(leak)}`)
  for (const note of leak.notes) lines.push(`  note: ${note}`)
  lines.push(`  to fix it: ${leak.fix}`)
  lines.push(`  to allow it: \`allowLeaks()\` in the test, or the option \`ignore: ['${leak.namespace}']\``)
  return lines.join('\n')
}

/** What leaked and where, in one line. */
export const oneLine = (leak: Leak): string => `${headline(leak)}; ${creation(leak)}`

const creation = ({ createdAt }: Leak): string =>
  createdAt ? `created at ${siteText(createdAt)}` : 'created outside the files that a stack shows'

/** The first line alone. */
export function headline(leak: Leak): string {
  const times = leak.count > 1 ? ` (${leak.count} times)` : ''
  const verb = leak.state === 'lost' ? 'was lost' : leak.state === 'unkilled' ? 'was not killed' : 'was never closed'
  return `${leak.operation} on ${leak.namespace} ${verb}${times}: ${MEANING[leak.state]}${read(leak)}`
}

function read({ documentsRead: count }: Leak): string {
  if (count === undefined) return ''
  return `, ${count} document${count === 1 ? '' : 's'} read`
}
