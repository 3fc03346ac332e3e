import { options } from '../options.ts'
import { siteOf, userFrames } from '../report/frames.ts'
import { mapped } from '../report/source.ts'
import { shortPath } from '../report/stack-location.ts'
import { guard } from '../say.ts'
import { state } from '../state.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Scope } from '../trace/scope.ts'
import { stackText } from '../trace/stack.ts'
import { closeLeaked } from './close.ts'

/** Notes what failed a test or a file: it stays as it is until the file is over, and is told and counted no more. */
export function report(record: LiveRecord, scope: Scope): void {
  record.settled = true
  record.failed ??= {
    ...(scope.kind === 'test' ? { test: scope.name } : {}),
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
 * file, too, where that has the same modules.
 */
export function corrections(file: Scope): string[] {
  const told: string[] = []
  const records = [file, ...state().worker.files].flatMap(({ reported }) => [...(reported ?? [])])
  for (const record of records) {
    const { ownersClose, failed } = record
    if (failed?.test === undefined) continue
    const isEnded = ownersClose !== undefined || isReadOn(record)
    if (!isEnded) continue
    const how = ownersClose ? `closed${placeOf(stackText(ownersClose))}` : 'read to its end'
    delete record.ownersClose
    delete record.failed
    told.push(correction(record, failed.test, how))
  }
  return told
}

/** Read on after its report, until nothing of it was left: the driver closes such a one by itself. */
const isReadOn = (record: LiveRecord): boolean =>
  record.kind === 'cursor' &&
  !record.closedBy &&
  !record.failed?.itself &&
  record.uses > (record.failed?.uses ?? 0) &&
  guard('judging', () => record.resource.judge(record) === undefined) === true

function correction(record: LiveRecord, test: string, how: string): string {
  const created = siteOf(userFrames(mapped(stackText(record.trace)), record.kind !== 'session'))
  const what = `the ${record.kind === 'changeStream' ? 'change stream' : record.kind}`
  const from = created ? ` created at ${shortPath(created.file)}:${created.line}` : ''
  return (
    `${what}${from}, which failed "${test}", was ${how} afterwards: if it is meant to outlive its test, ` +
    'open it in a `beforeAll`, or hand it to the file with `keep()`'
  )
}

function placeOf(stack: string | undefined): string {
  const site = siteOf(userFrames(mapped(stack), false))
  return site ? ` at ${shortPath(site.file)}:${site.line}` : ''
}
