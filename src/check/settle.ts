import { untilRest } from '../clock.ts'
import { field } from '../trace/fields.ts'
import { isDrawn, isLoop } from '../trace/reading.ts'
import type { LiveRecord } from '../trace/record.ts'
import { FIX_BUSY } from '../trace/resources/resource.ts'
import { levelOf, type Suspect, suspects } from './judge.ts'

/**
 * Waits for a close that is on its way: doubling waits up to `ms` in all, in real time, and only while something looks
 * leaked that may fail. What moved on meanwhile is still being read by somebody: `busy`.
 * @param isUnsure what can only be warned about, though its level is `fail`
 */
export async function settle(
  records: Iterable<LiveRecord>,
  ms: number,
  isUnsure: (record: LiveRecord) => boolean = () => false,
): Promise<Suspect[]> {
  const first = suspects(records)
  const before = new Map(first.map(({ record }) => [record, { print: fingerprint(record), uses: record.uses }]))
  // That a server is gone shows a turn later, when its sockets close.
  const isWorthWaiting = (isFirst: boolean) => (suspect: Suspect) =>
    (mayFail(suspect) && !isUnsure(suspect.record)) || (isFirst && suspect.verdict.proven === true)
  let looks = 0
  await untilRest(ms, () =>
    looks++ === 0
      ? first.some(isWorthWaiting(true))
      : // One is enough to wait on: of a thousand leaks the others need no look before the end.
        first.some(({ record }) => suspects([record]).some(isWorthWaiting(false))),
  )
  const found = looks === 1 ? first : suspects(first.map(({ record }) => record))
  const isRead = ({ record, verdict }: Suspect): boolean => {
    const then = before.get(record)
    if (verdict.waits || record.beforeSweep || then?.print === fingerprint(record)) return false
    // A single read that has come to rest, with none after it, is judged as what it left.
    return isDrawn(record) && (isLoop(record) || then?.uses !== record.uses)
  }
  const judged = found.map((suspect): Suspect => {
    if (!isRead(suspect)) return suspect
    const { record, verdict } = suspect
    const busy = { ...verdict, state: 'busy' as const, fix: FIX_BUSY }
    return { record, verdict: busy, level: levelOf(record, busy) }
  })
  return judged.filter(({ level }) => level !== 'off')
}

/** What is at work may come to rest as a leak; what can only be warned about is not waited for. */
const mayFail = ({ level, verdict }: Suspect): boolean => level === 'fail' || verdict.state === 'busy'

/** What changes when somebody reads on. */
function fingerprint(record: LiveRecord): string {
  const streams = record.streams.map((s) => String(field(s, 'readableLength')))
  const { target } = record
  return [record.uses, String(field(target, 'id')), field(target, 'numReturned'), buffered(target), ...streams].join()
}

const buffered = (target: object): unknown =>
  'bufferedCount' in target ? (target as { bufferedCount(): number }).bufferedCount() : undefined
