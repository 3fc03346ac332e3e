import { now } from '../clock.ts'
import { siteOf, userFrames } from '../report/frames.ts'
import { mapped } from '../report/source.ts'
import { returnedText } from '../report/text.ts'
import { guard, write } from '../say.ts'
import type { App } from '../trace/app.ts'
import type { LiveRecord } from '../trace/record.ts'
import { stackText } from '../trace/stack.ts'

/** Tells that something a report called leaked has been closed after all. */
export function tellReturned(record: LiveRecord): void {
  if (record.reportedAt === undefined) return
  delete record.reportedAt
  const createdAt = siteOf(userFrames(mapped(stackText(record.trace)), record.kind !== 'client'))
  write(returnedText(record.told ?? record.kind, createdAt, now() - record.builtAt))
}

/** Finds reported ones that ended without a call that told us: read to their end. */
export function lookAtReported({ reported }: App): void {
  for (const ref of reported) {
    const record = ref.deref()
    if (record?.reportedAt === undefined || record.beforeSweep) reported.delete(ref)
    else if (!guard('judging', () => record.resource.judge(record))) {
      reported.delete(ref)
      guard('telling of a close', () => tellReturned(record))
    }
  }
}
