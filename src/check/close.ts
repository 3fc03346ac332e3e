import { within } from '../clock.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { field, isObject } from '../trace/fields.ts'
import type { LiveRecord } from '../trace/record.ts'

const CLOSE_MS = 2_000

/** Closes what has just failed a test, so that it neither fails the next one nor hangs the run. Never rejects. */
export async function closeLeaked(records: readonly LiveRecord[]): Promise<void> {
  const all = records.map((record) =>
    state()
      .ownCalls.run(true, () => closeOne(record))
      .catch((error: unknown) =>
        sayOnce(`a leaked ${record.kind} could not be closed after its report: ${errorText(error)}`),
      ),
  )
  await within(Promise.all(all), CLOSE_MS)
}

async function closeOne(record: LiveRecord): Promise<void> {
  await killLost(record)
  await record.resource.close(record)
}

interface CommandingClient {
  db(name: string): { command(command: object): Promise<unknown> }
}

/** The driver forgot these ids: only a killCursors of our own frees them. */
async function killLost({ lostIds, target }: LiveRecord): Promise<void> {
  if (lostIds.length === 0) return
  const namespace = String(field(target, 'namespace'))
  const dot = namespace.indexOf('.')
  const client = field(target, 'client')
  if (!isObject(client) || dot <= 0) return
  const database = (client as unknown as CommandingClient).db(namespace.slice(0, dot))
  await database.command({ killCursors: namespace.slice(dot + 1), cursors: lostIds })
}
