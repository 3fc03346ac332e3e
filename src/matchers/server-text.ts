import { codeFrame } from '../report/code-frame.ts'
import { siteText } from '../report/frames.ts'
import type { Site } from '../report/leak.ts'
import { printable } from '../report/printable.ts'
import type { ServerAnswer, ServerCursor } from './current-op.ts'
import type { Target } from './target.ts'

/**
 * Both failures of `toHaveNoOpenServerCursors()`.
 * @param seen where cursors were created that were seen here, by id
 * @param max so many cursors are listed
 */
export function serverText(
  { name }: Target,
  { count, way, cursors }: ServerAnswer,
  seen: ReadonlyMap<string, Site | undefined>,
  max: number,
): string {
  if (count === 0) return `expected open cursors on the server for ${printable(name)}, but it holds none (${way})`
  const all = cursors ? cursors.map((cursor) => listed(cursor, seen)) : [...seen.values()].map(known)
  const rest = all.length - max
  return [
    `expected no open cursors on the server for ${printable(name)}, but it holds ${count} (${way})`,
    ...all.slice(0, max),
    ...(rest > 0 ? [`  ${rest} more; the option maxReported (${max}) hides them`] : []),
    ...(cursors
      ? []
      : [
          '  note: this server counts its cursors and does not list them; with access control that takes the privilege `inprog`',
        ]),
  ].join('\n\n')
}

function listed(cursor: ServerCursor, seen: ReadonlyMap<string, Site | undefined>): string {
  const age = cursor.openMs === undefined ? 'in use right now' : `open for ${duration(cursor.openMs)}`
  const site = seen.get(cursor.id)
  const by = cursor.by === undefined ? '' : `: by ${printable(cursor.by)}`
  const where = site ? `created at ${siteText(site)}` : `created by another process, or before tracing was on${by}`
  const note = cursor.neverTimesOut ? '\n    note: noCursorTimeout is set: the server never times it out' : ''
  return `  ${age} on ${printable(cursor.namespace)}, ${where}${note}${frame(site)}`
}

const known = (site: Site | undefined): string =>
  `  open here, ${site ? `created at ${siteText(site)}` : 'created outside the files that a stack shows'}${frame(site)}`

const frame = (site: Site | undefined): string =>
  site ? ['\n', ...codeFrame(site).map((line) => `    ${line}`)].join('\n').trimEnd() : ''

const duration = (ms: number): string => (ms < 1_000 ? 'less than a second' : `${Math.floor(ms / 1_000)} s`)
