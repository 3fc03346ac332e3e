import { field, isObject } from './fields.ts'
import type { LiveRecord } from './record.ts'

const WHY = 'the driver swallowed the error of its own killCursors'

/** What the code should do instead, by the way it was closed. */
export function fixUnkilled(record: LiveRecord): string {
  if (hasAborted(record.target)) return `${WHY}; end a paused stream by \`destroy()\`, not by its signal`
  if (record.streams.length > 0) return `${WHY}; don't end a stream in its first \`data\`, but a turn later`
  return `${WHY}; await one \`close()\` before it is closed again, and before its session ends`
}

export function hasAborted(target: object): boolean {
  const signal = field(target, 'signal')
  return isObject(signal) && signal.aborted === true
}
