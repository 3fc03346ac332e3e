import { options } from '../options.ts'
import { siteOf, userFrames } from '../report/frames.ts'
import type { Site } from '../report/leak.ts'
import { mapped } from '../report/source.ts'
import { shortPath } from '../report/stack-location.ts'
import { guard } from '../say.ts'
import { state } from '../state.ts'
import { isObject } from '../trace/fields.ts'
import { clientOf } from '../trace/owner.ts'
import { isConnected } from '../trace/pools.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Scope } from '../trace/scope.ts'
import { stackText, type Trace } from '../trace/stack.ts'
import { closeLeaked } from './close.ts'
import { closedAt } from './judge.ts'

/** Notes what failed a test or a file: it stays as it is until the file is over, and is told and counted no more. */
export function report(record: LiveRecord, scope: Scope): void {
  record.settled = true
  record.failed ??= {
    ...(scope.kind === 'test' ? { test: scope.name } : scope.shared ? { file: scope.name } : {}),
    uses: record.uses,
    itself: scope.failed ? scope : undefined,
  }
  const file = scope.kind === 'file' ? scope : state().file
  file.reported ??= new Set()
  file.reported.add(record)
}

/**
 * Closes what was reported, behind every hook of the file, so that it does not hang the run. Never what is being read, and
 * nothing that the modules of this process may still use in their next file.
 */
export async function closeReported(file: Scope): Promise<void> {
  const records = [...(file.reported ?? [])]
  if (file.shared) return
  delete file.reported
  if (!options().closeLeaked) return
  const left = records.filter((record) => {
    if (record.closedBy) return false
    const verdict = guard('judging', () => record.resource.judge(record))
    return verdict !== undefined && verdict.state !== 'busy'
  })
  await closeLeaked(left)
  for (const record of left) record.closedByUs = true
}

/**
 * What failed a test and was closed by its owner later: it was meant to outlive the test, which is told, once. By a later
 * file, too, where that has the same modules: then a file may be what was outlived.
 */
export function corrections(file: Scope): string[] {
  const told: string[] = []
  const records = [file, ...state().worker.files].flatMap(({ reported }) => [...(reported ?? [])])
  for (const record of records) {
    const { ownersClose, failed } = record
    const { test, file: of } = failed ?? {}
    if (test === undefined && of === undefined) continue
    if (ownersClose && isOfClient(record, ownersClose)) continue
    const closed = ownersClose ? placeOf(closedAt(ownersClose)) : closedBehind(record)
    if (closed === undefined && !isReadOn(record)) continue
    const how = closed === undefined ? 'read to its end' : `closed${closed}`
    delete record.ownersClose
    delete record.failed
    told.push(
      `${correction(record, test ?? shortPath(of ?? ''), how)}${test === undefined ? OUTLIVES_FILE : OUTLIVES_TEST}`,
    )
  }
  return told
}

/** A loop over it that only its client's close has ended: the driver's own iterator closes it then. */
const isOfClient = ({ target }: LiveRecord, close: Trace): boolean => {
  const client = clientOf(target)
  return isObject(client) && !isConnected(client) && /\basyncIterator\b/.test(stackText(close) ?? '')
}

/** Read on after its report, until nothing of it was left: the driver closes such a one by itself. */
const isReadOn = (record: LiveRecord): boolean =>
  record.kind === 'cursor' &&
  !record.closedBy &&
  !record.failed?.itself &&
  record.uses > (record.failed?.uses ?? 0) &&
  guard('judging', () => record.resource.judge(record) === undefined) === true

const OUTLIVES_TEST =
  'if it is meant to outlive its test, open it in a `beforeAll`, or hand it to the file with `keep()`'
const OUTLIVES_FILE = 'if it is meant to outlive its file, hand it over with `keep()`'

function correction(record: LiveRecord, of: string, how: string): string {
  const created = siteOf(userFrames(mapped(stackText(record.trace)), record.kind !== 'session'))
  const what = `the ${record.kind === 'changeStream' ? 'change stream' : record.kind}`
  const from = created ? ` created at ${shortPath(created.file)}:${created.line}` : ''
  return `${what}${from}, which failed "${of}", was ${how} afterwards: `
}

/** What was reported before its client was closed, and is closed by its owner behind that. */
function closedBehind(record: LiveRecord): string | undefined {
  const { behindClient, beforeSweep, failed } = record
  if (beforeSweep || failed?.itself) return undefined
  const [site] =
    behindClient
      ?.filter((close) => !isOfClient(record, close))
      .map(closedAt)
      .filter((one) => one !== undefined) ?? []
  return site && placeOf(site)
}

const placeOf = (site: Site | undefined): string => (site ? ` at ${shortPath(site.file)}:${site.line}` : '')
