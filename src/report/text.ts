import pc from 'picocolors'
import { shortFrame } from './frames.ts'
import type { Site } from './leak.ts'
import { meaningOf, ONE, pageOf, plural } from './message.ts'
import { printable } from './printable.ts'
import { sourceLine } from './source-line.ts'
import { shortPath } from './stack-location.ts'
import type { ClientSite, ServerCounts, TracedLeak, TraceReport } from './traced.ts'

/** Frames shown of each site; the whole stack is in the data. */
const MAX_FRAMES = 8

/** The report of a running app as text: what leaks first, then what only waits, then the clients. */
export function reportText(report: TraceReport): string {
  const { leaked, leaks, waiting, inUse, clients, seen, servers } = report
  const parts = [pc.bold(`::Connection Trace Result: ${leaked} probably leaked`)]
  for (const [i, leak] of leaks.entries())
    parts.push('', pc.bold(`::Connection ${i + 1} (${thing(leak)})`), ...leakLines(leak, clients))
  if (waiting.length > 0) parts.push('', pc.bold('::Waiting on the server by their nature, not counted'))
  for (const leak of waiting)
    parts.push(`  ${what(leak)} on ${printable(leak.namespace)}${at(leak.createdAt)}, ${ages(leak)}`)
  if (clients.length > 0) parts.push('', pc.bold('::Clients'))
  for (const site of clients) parts.push(`  ${clientLine(site)}`)
  for (const server of servers ?? []) parts.push('', ...serverLines(server))
  const use = inUse > 0 ? `, ${inUse} in use now` : ''
  parts.push(
    '',
    `${plural(seen, 'cursor or change stream', 'cursors and change streams')} seen since tracing began${use}${servers ? '' : '; the server was not asked'}`,
  )
  return parts.join('\n')
}

/** What the ancestor called a connection: each of these holds one, or may. */
const thing = ({ kind, count }: TracedLeak): string => (count === 1 ? `a ${ONE[kind]}` : plural(count, ONE[kind]))

function leakLines(leak: TracedLeak, clients: readonly ClientSite[]): string[] {
  const lines = [`  ${leak.kind === 'client' ? growing(leak, clients) : headline(leak)}`]
  for (const note of leak.notes) lines.push(`  note: ${printable(note)}`)
  if (leak.collected > 0) {
    lines.push(`  note: ${leak.collected} of them are no longer in memory; the server holds each until it times out`)
  }
  if (leak.stack === '') {
    if (leak.notSampled > 0) lines.push("  created where no stack was kept (`detail: 'full'` keeps every one)")
  } else if (leak.notSampled > 0) {
    lines.push(`  note: ${leak.notSampled} of them counted here by namespace and kind: their own stack was not kept`)
  }
  lines.push(...leak.stack.split('\n').filter(Boolean).slice(0, MAX_FRAMES).flatMap(frameLines))
  lines.push(`  to fix it: ${leak.fix}`, `  read more: ${pageOf(leak)}`)
  return lines
}

/** A frame, and below it the line of source it stands for. */
function frameLines(frame: string): string[] {
  const source = sourceLine(frame)
  const shown = shortFrame(frame)
  return source === undefined ? [shown] : [shown, pc.dim(`      > ${source}`)]
}

function headline(leak: TracedLeak): string {
  const where = leak.namespace ? ` on ${printable(leak.namespace)}` : ''
  const started = leak.started === undefined ? '' : `started ${leak.started} times at once: `
  return `${what(leak)}${where}: ${started}${meaningOf(leak)}; ${ages(leak)}`
}

const what = ({ count, operation }: TracedLeak): string => (count > 1 ? `${count} × ${operation}` : operation)

function ages({ count, ageMs, idleMs }: TracedLeak): string {
  const idle = `not used for ${duration(idleMs)}`
  return count > 1 ? `the oldest ${duration(ageMs)} old, ${idle} or longer` : `${duration(ageMs)} old, ${idle}`
}

function growing(leak: TracedLeak, clients: readonly ClientSite[]): string {
  const site = clients.find(({ createdAt: c }) => c?.file === leak.createdAt?.file && c?.line === leak.createdAt?.line)
  const place = leak.createdAt ? `\`${placeOf(leak.createdAt)}\`` : 'the same line'
  if (!site) return `${what(leak)} never closed`
  const { built, open, connections, checkedOut } = site
  return (
    `a new client each time ${place} runs (${built} so far, ${open} not closed): ` +
    `${plural(connections, 'connection')}, ${checkedOut} checked out`
  )
}

function clientLine(site: ClientSite): string {
  const { createdAt, built, open, connections, checkedOut } = site
  const made = built < open ? `${open - built} older than the trace, ${built} built` : `${built} built`
  const counts = `${made}, ${open} open: ${plural(connections, 'connection')}, ${checkedOut} checked out`
  const churn = built - open >= 5 ? '; connect once and share the client' : ''
  return `MongoClient${at(createdAt)}: ${counts}${churn}${streams(site)}`
}

/** A change stream waits for its next event on a connection that nothing else gets meanwhile. */
function streams({ changeStreams, maxPoolSize, open }: ClientSite): string {
  if (changeStreams === 0) return ''
  const most = maxPoolSize === undefined ? undefined : maxPoolSize * open
  const held = `; ${plural(changeStreams, 'change stream')} ${changeStreams === 1 ? 'waits' : 'wait'} on a connection each`
  if (most === undefined) return held
  const full = changeStreams >= most ? ': every other operation has to wait' : ''
  return `${held}, of ${most} at most (maxPoolSize)${full}`
}

function serverLines({ hosts, cursors, sessions, connections, known, refused }: ServerCounts): string[] {
  const head = pc.bold(`::Server ${printable(hosts)}`)
  if (refused !== undefined) return [head, `  gave no counts: ${printable(refused)}`]
  const left =
    known.implicit > 0
      ? `, ${known.implicit} implicit in its clients' lists (in use now, or left there by \`count()\` or \`explain()\` of drivers before 6.18)`
      : ''
  return [
    head,
    `  open cursors: ${counted(cursors)}, ${known.cursors} of them known here${others(cursors, known.cursors)}`,
    `  sessions: ${counted(sessions)}; here ${known.sessions} not ended${left}`,
    `  connections: ${counted(connections)}, ${known.connections} of them in the pools of this process`,
  ]
}

const counted = (count: number | undefined): string => (count === undefined ? 'not told' : String(count))

/** What we do not know of is a number, too. */
function others(count: number | undefined, known: number): string {
  if (count === undefined || count === known) return ''
  if (count < known) return `: ${known - count} of these the server has dropped`
  return `: ${count - known} ${count - known === 1 ? 'is' : 'are'} another process's, or opened unseen`
}

/** One line for a leak that was told and has been closed since. */
export function returnedText(operation: string, createdAt: Site | undefined, ageMs: number): string {
  return `cursorleak: a reported ${printable(operation)}${at(createdAt)} was returned after ${duration(ageMs)}`
}

const placeOf = ({ file, line }: Site): string => `${printable(shortPath(file))}:${line}`
const at = (site: Site | undefined): string => (site ? ` from ${placeOf(site)}` : '')

/** Milliseconds as a person says them: `850 ms`, `41 s`, `12 min`, `3.5 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  return `${Math.round(ms / 360_000) / 10} h`
}
