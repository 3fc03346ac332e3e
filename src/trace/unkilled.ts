import { field, isObject, longToBigInt } from './fields.ts'
import type { LiveRecord } from './record.ts'
import { fixClosedStarting } from './resources/lost.ts'
import type { Verdict } from './resources/resource.ts'

const WHY = 'the driver swallowed the error of its own killCursors'

/** What the server has said of one that was closed early. */
export function judgeUnkilled(record: LiveRecord): Omit<Verdict, 'namespace' | 'operation'> | undefined {
  const { unkilled, early, closedStarting } = record
  if (!unkilled) return undefined
  const cursorId = String(longToBigInt(early?.id))
  const proven = closedStarting ? { proven: true } : {}
  return { state: 'unkilled', cursorId, asked: true, fix: fixUnkilled(record), ...proven }
}

/** What the code should do instead, by the way it was closed. */
function fixUnkilled(record: LiveRecord): string {
  // Nothing had come when it was closed: how it was read makes no difference.
  if (record.closedStarting) return fixClosedStarting(record)
  if (hasAborted(record.target)) return `${WHY}; end a paused stream by \`destroy()\`, not by its signal`
  if (record.streams.length > 0) return `${WHY}; don't end a stream in its first \`data\`, but a turn later`
  return `${WHY}; await one \`close()\` before it is closed again, and before its session ends`
}

export function hasAborted(target: object): boolean {
  const signal = field(target, 'signal')
  return isObject(signal) && signal.aborted === true
}
