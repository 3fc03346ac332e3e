import { within } from '../clock.ts'
import { options } from '../options.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { field } from '../trace/fields.ts'
import { killCursors } from '../trace/kill.ts'
import { clientOf } from '../trace/owner.ts'
import type { LiveRecord } from '../trace/record.ts'
import { unreachableIds } from '../trace/resources/lost.ts'

const CLOSE_MS = 2_000

/** Closes what has failed a test, once its file is over. Never rejects. */
export const closeLeaked = (records: readonly LiveRecord[]): Promise<void> =>
  each(records, closeOne, ({ kind }) => `a leaked ${kind} could not be closed after its report`)

/** Does something with each, as a call of our own and with one bound for all; what fails is said, once. */
async function each(
  records: readonly LiveRecord[],
  work: (record: LiveRecord) => Promise<void>,
  failed: (record: LiveRecord) => string,
): Promise<void> {
  const all = records.map((record) =>
    state()
      .ownCalls.run(true, () => work(record))
      .catch((error: unknown) => sayOnce(`${failed(record)}: ${errorText(error)}`)),
  )
  await within(Promise.all(all), CLOSE_MS)
}

async function closeOne(record: LiveRecord): Promise<void> {
  await kill(record)
  await record.resource.close(record)
}

/**
 * Frees at once what no owner can use any more: ids that the driver forgot. At the file's end their client may be closed.
 * Never rejects.
 */
export async function killLost(records: readonly LiveRecord[]): Promise<void> {
  const lost = options().closeLeaked ? records.filter((record) => unreachableIds(record).length > 0) : []
  if (lost.length === 0) return
  await each(lost, kill, () => 'a lost cursor could not be killed after its report')
}

/** The driver forgot these ids, or can't kill them any more: only a killCursors of our own frees them. */
async function kill(record: LiveRecord): Promise<void> {
  const ids = unreachableIds(record)
  if (ids.length === 0) return
  // A change stream's cursor knows how the server names it.
  const namespace = String(field(record.starts?.of ?? record.target, 'namespace'))
  // What stands in front may know a client where the cursor knows none.
  const client = clientOf(record.target) ?? (record.front && clientOf(record.front.target))
  const killing = killCursors(client, namespace, ids)
  if (!killing) return
  record.lostIds.length = 0
  record.starts?.ids.clear()
  await killing
}
