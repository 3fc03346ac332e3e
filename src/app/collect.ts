import { isNews } from '../check/judge.ts'
import { now } from '../clock.ts'
import type { TracedLeak, TraceReport } from '../report/traced.ts'
import { type State, state } from '../state.ts'
import { coversUnique, fieldsOf } from '../trace/bounds/unique.ts'
import { liveRecords } from '../trace/keep.ts'
import type { LiveRecord } from '../trace/record.ts'
import { clientSites, isGrowing } from './clients.ts'
import { type Bucket, gather, gatherCollected } from './evidence.ts'
import { findOlder } from './older.ts'
import { bySite } from './sites.ts'

/** From this many open change streams of one site on they count as leaked: an app has a fixed few of them. */
const MANY_WAITING = 10

export interface Wanted {
  /** What was used a shorter time ago counts as in use. */
  idleMs: number
  /** Only what no report has told yet, and is at least this old. */
  untoldOlderThanMs?: number
}

/** Judges everything that is open in a running app now. Neither waits nor asks the server. */
export function collect({ idleMs, untoldOlderThanMs }: Wanted): TraceReport {
  const current = state()
  findOlder(current)
  const all = liveRecords(current)
  const clients = clientSites(current, all)
  const untold = (record: LiveRecord): boolean =>
    untoldOlderThanMs === undefined || (record.reportedAt === undefined && now() - record.builtAt >= untoldOlderThanMs)
  const { buckets, inUse } = gather(all.filter(untold), idleMs)
  const gone = gatherCollected(current, now(), (one) =>
    untoldOlderThanMs === undefined ? one.count : one.count - one.told,
  )
  const judged = [...buckets, ...gone].map((bucket) => withoutUnique(current, bucket)).filter((b) => b !== undefined)
  const waiting = sites(judged.filter(({ waits }) => waits))
  const leaks = [
    ...sites(judged.filter(({ waits, record }) => !waits && record.kind !== 'client')),
    ...waiting.filter(({ count }) => count >= MANY_WAITING),
    ...growingClients(buckets, clients),
  ].sort((a, b) => b.count - a.count || b.ageMs - a.ageMs)
  return {
    leaked: leaks.reduce((sum, { count }) => sum + count, 0),
    leaks,
    waiting: waiting.filter(({ count }) => count < MANY_WAITING),
    inUse,
    clients,
    seen: current.seen.cursors,
  }
}

function sites(buckets: readonly Bucket[]): TracedLeak[] {
  const leaks = bySite(buckets).filter(isNews)
  for (const leak of leaks) leak.notes = [...leak.notes, ...timeoutOf(leak)]
  return leaks
}

/** By default a server drops a cursor that nobody has read from for 10 minutes (`cursorTimeoutMillis`). */
const TIMEOUT_MS = 600_000
const SOON_MS = 480_000

function timeoutOf({ kind, state, idleMs, notes }: TracedLeak): string[] {
  if (kind !== 'cursor' || state !== 'open' || idleMs < SOON_MS) return []
  if (notes.some((note) => note.startsWith('noCursorTimeout'))) return []
  return idleMs < TIMEOUT_MS
    ? ['the server drops a cursor after 10 minutes without a read (cursorTimeoutMillis): the next read fails then']
    : ['not read for 10 minutes: by its default the server has dropped it, and the next read fails']
}

function growingClients(buckets: readonly Bucket[], clients: TraceReport['clients']): TracedLeak[] {
  const own = sites(buckets.filter(({ record }) => record.kind === 'client')).filter((leak) =>
    isGrowingAt(leak, clients),
  )
  for (const leak of own) leak.fix = 'make one client when the program starts and share it, or `await client.close()`'
  return own
}

function isGrowingAt({ createdAt }: TracedLeak, clients: TraceReport['clients']): boolean {
  return clients.some((site) => isGrowing(site) && sameSite(site.createdAt, createdAt))
}

const sameSite = (a: TracedLeak['createdAt'], b: TracedLeak['createdAt']): boolean =>
  a?.file === b?.file && a?.line === b?.line && a?.column === b?.column

/**
 * An app's report can't wait for a list of indexes. An existence test by equality is left out (a unique index may cover
 * it); where a document was read and others are left, it is told with that condition.
 */
function withoutUnique(current: State, bucket: Bucket): Bucket | undefined {
  const { askUnique, documentsRead } = bucket.verdict
  if (!askUnique) return bucket
  if (documentsRead === 0) return undefined
  if (coversUnique(current.indexes.get(askUnique.cacheKey) ?? [], askUnique)) return undefined
  const note = `no leak if a unique index covers ${fieldsOf(askUnique)}`
  return { ...bucket, verdict: { ...bucket.verdict, notes: [...(bucket.verdict.notes ?? []), note] } }
}
