import { sleep, within } from '../clock.ts'
import { lastOptions } from '../options.ts'
import { errorText, sayOnce } from '../say.ts'
import { state } from '../state.ts'
import { field, isObject, longToBigInt } from '../trace/fields.ts'
import { killCursors } from '../trace/kill.ts'
import { clientOf } from '../trace/owner.ts'
import { isPending } from '../trace/pending.ts'
import { isConnected } from '../trace/pools.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Scope } from '../trace/scope.ts'

const ASK_MS = 2_000

/**
 * Asks the server about the cursors that were closed before their end, one `killCursors` for each namespace: what it
 * kills was closed here and alive there. The driver swallows the errors of its own, so no field of it tells.
 * A close that is still on its way, and a client that is closed by now, are not asked about: no verdict then.
 */
export async function confirmClosed(scope: Scope): Promise<void> {
  const early = scope.early?.splice(0) ?? []
  if (early.length === 0) return
  const { settleMs } = lastOptions()
  for (let spent = 0, wait = 1; spent < settleMs && early.some(isClosing); spent += wait, wait *= 2) await sleep(wait)
  const namespaces = new Map<object, Map<string, LiveRecord[]>>()
  for (const record of early) {
    const client = clientOf(record.target)
    if (isClosing(record) || !isObject(client) || !isConnected(client)) continue
    const byName = namespaces.get(client) ?? new Map<string, LiveRecord[]>()
    const name = namespaceOf(record)
    namespaces.set(client, byName.set(name, [...(byName.get(name) ?? []), record]))
  }
  const questions = [...namespaces].flatMap(([client, byName]) =>
    [...byName].map(([name, records]) => state().ownCalls.run(true, () => ask(client, name, records))),
  )
  for (const record of (await Promise.all(questions)).flat()) {
    record.unkilled = true
    scope.records.add(record)
  }
}

/** As the server names it, which a change stream's cursor knows. */
function namespaceOf({ target }: LiveRecord): string {
  const inner = field(target, 'cursor')
  return String(field(isObject(inner) ? inner : target, 'namespace'))
}

const isClosing = ({ early }: LiveRecord): boolean => early?.closes.some(isPending) ?? false

/** Those of one collection that the server had to be told to kill. */
async function ask(client: object, namespace: string, records: LiveRecord[]): Promise<LiveRecord[]> {
  const ids = records.map(({ early }) => early?.id)
  try {
    const killing = killCursors(client, namespace, ids) as Promise<{ cursorsKilled?: unknown[] }> | undefined
    const reply = killing && (await within(killing, ASK_MS))
    const killed = new Set(reply?.cursorsKilled?.map(longToBigInt))
    return records.filter(({ early }) => killed.has(longToBigInt(early?.id)))
  } catch (error) {
    sayOnce(`the cursors of ${namespace} that were closed early could not be confirmed (${errorText(error)})`)
    return []
  }
}
