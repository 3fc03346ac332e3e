import { callerOf, libraryOf, siteText } from './frames.ts'
import type { Leak, LeakKind, LeakState, Site } from './leak.ts'
import { named, printable } from './printable.ts'
import { shortPath } from './stack-location.ts'

/** A kind as the field calls it. */
export const ONE: Record<LeakKind, string> = {
  cursor: 'cursor',
  changeStream: 'change stream',
  session: 'session',
  client: 'client',
}

/** What each state means, as the second half of "… was never closed: …". All text a user reads of a leak is here. */
const MEANING: Record<LeakState, string> = {
  idle: 'built, never used',
  open: 'open on the server',
  abandoned: 'unread documents left',
  lost: 'rewound while open, so the driver forgot it and the server still holds it',
  busy: 'still being read when the test ended',
  swept: 'open until its client closed',
  unfinished: 'read part of the way',
  unkilled: 'closed here, still alive on the server',
}

const MEANING_OF_KIND: Partial<Record<LeakKind, Partial<Record<LeakState, string>>>> = {
  session: { open: 'the server keeps a session for it', busy: 'still at work when the test ended' },
  client: { open: 'still connected at the end of the file' },
}

/** What its state means and how far it was read, as half a sentence. */
export function meaningOf(leak: Leak): string {
  const { kind, state, batch, started, asked } = leak
  if (asked) return MEANING_OF_ASKED
  const ofStarted = started === undefined ? undefined : MEANING_OF_STARTED[state]
  if (ofStarted) return ofStarted
  const meaning = `${MEANING_OF_KIND[kind]?.[state] ?? MEANING[state]}${read(leak)}`
  if (state !== 'abandoned') return meaning
  return `${meaning}; with more than one batch${batch === undefined ? '' : ` (${plural(batch, 'document')})`} it stays open on the server`
}

const MEANING_OF_ASKED = 'closed here; still alive on the server when that was asked, and killed by the question'

/** Of reads that overlapped before the first reply: each sent a command of its own. */
const MEANING_OF_STARTED: Partial<Record<LeakState, string>> = {
  abandoned:
    'the driver keeps one of these cursors and forgets the others; none stayed open on the server this time, with more data they do',
  lost: 'the driver keeps one of these cursors, and the others stay open on the server',
}

/** The chapter on a leak of this kind and state, in a file that is installed with the package. */
export const pageOf = ({ kind, state }: Pick<Leak, 'kind' | 'state'>): string =>
  `cursorleak/docs/states.md#${kind === 'client' || (kind === 'session' && state === 'open') ? kind : state}`

/** The message of one leak: what, where, how to fix it, how to allow it. Stable: no test name, no id, no query value. */
export function message(leak: Leak): string {
  if (leak.kind === 'client') return clientLine(leak)
  const lines = [headline(leak)]
  lines.push(`  ${creation(leak)}`)
  if (leak.startedAgain) lines.push(`  started again at ${siteText(leak.startedAgain)}, before the first reply`)
  if (leak.lastUse) lines.push(`  ${reading(leak.lastUse, leak.usesSince)}`)
  for (const note of leak.notes) lines.push(`  note: ${printable(note)}`)
  lines.push(`  to fix it: ${leak.fix}`, `  to allow it: ${allowing(leak)}`, `  read more: ${pageOf(leak)}`)
  return lines.join('\n')
}

/** A suite may leave a client in every file: each is worth one line. */
const clientLine = (leak: Leak): string =>
  [
    headline(leak),
    creation(leak),
    ...leak.notes.map((note) => printable(note)),
    `to fix it: ${leak.fix}`,
    `to allow it: ${allowing(leak)}`,
    `read more: ${pageOf(leak)}`,
  ].join('; ')

/** How often it was read after that is left out: a message that differs from run to run is merged with no other. */
const reading = (site: Site, since: number | undefined): string =>
  `${since === 0 ? 'last read' : 'read'} at ${siteText(site)}${since === 0 ? '' : ', and after that'}`

/** What leaked and where, in one line. */
export const oneLine = (leak: Leak): string => `${headline(leak)}; ${creation(leak)}`

/** The line that created it, as half a sentence. */
export function creation({ kind, createdAt, stack }: Leak): string {
  if (!createdAt) return 'created outside the files that a stack shows'
  const library = libraryOf(stack)
  if (library) return byLibrary(library, createdAt)
  // Clients and sessions are mostly made by a helper, which many call.
  const isShared = kind === 'client' || kind === 'session'
  const caller = isShared ? callerOf(stack.split('\n'), createdAt) : undefined
  return `created at ${siteText(createdAt)}${caller ? `, called at ${siteText(caller)}` : ''}`
}

/** `created by repo-kit (node_modules/repo-kit/index.js:3), called at test/x.ts:8:3`. */
function byLibrary({ name, site }: { name: string; site: Site }, user: Site): string {
  const called = user.file === site.file && user.line === site.line ? '' : `, called at ${siteText(user)}`
  return `created by ${printable(name)} (${printable(shortPath(site.file))}:${site.line})${called}`
}

/** The first line alone. */
export function headline(leak: Leak): string {
  const times = leak.count > 1 ? ` (${leak.count} times)` : ''
  return `${leak.operation} on ${printable(leak.namespace)} ${verbOf(leak)}${times}: ${meaningOf(leak)}`
}

function verbOf({ kind, state, started }: Leak): string {
  if (started !== undefined) return `was started ${started} times at once`
  if (state === 'lost') return 'was lost'
  if (state === 'unkilled') return 'was not killed'
  return kind === 'session' ? 'was never ended' : 'was never closed'
}

/** A client is mostly opened by a setup file or a module, where `allowLeaks()` has no test to speak for. */
const allowing = (leak: Leak): string =>
  `${leak.kind === 'client' ? '' : "`allowLeaks()` from 'cursorleak' in the test, or "}the option \`${silencer(leak)}\``

/**
 * What a package made is silenced by its name. Hosts and ports differ from machine to machine: other sessions and clients
 * are silenced as a kind. Not by the file that opens a client either: that is often the one that opens the cursors, too.
 */
function silencer({ kind, namespace, stack }: Leak): string {
  const library = libraryOf(stack)?.name
  if (library !== undefined) return `ignore: [${named(library)}]`
  return kind === 'session' || kind === 'client' ? `levels: { ${kind}: 'off' }` : `ignore: [${named(namespace)}]`
}

function read({ documentsRead: read, count }: Leak): string {
  if (read === undefined) return ''
  return `, ${plural(read, 'document')} read${count > 1 ? ' of each' : ''}`
}

export const plural = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`
