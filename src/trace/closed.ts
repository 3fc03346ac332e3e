import type { State } from '../state.ts'
import { field, isObject, longToBigInt } from './fields.ts'
import type { LiveRecord } from './record.ts'
import type { Trace } from './stack.ts'

/** So many cursors that were open when they were ended here are remembered, for who asks the server afterwards. */
const KEPT = 256

/** Remembers by its id where a cursor was created that is being ended while the server holds it. */
export function rememberClosed(current: State, record: LiveRecord): void {
  if (current.app) return
  const id = cursorIdOf(record)
  if (id === undefined) return
  current.closed.set(id, record.trace)
  const [oldest] = current.closed.keys()
  if (current.closed.size > KEPT && oldest !== undefined) current.closed.delete(oldest)
}

/** The id under which the server holds a cursor, or a change stream's cursor, as a decimal string. */
export function cursorIdOf({ target }: LiveRecord): string | undefined {
  const inner = field(target, 'cursor')
  const id = longToBigInt(field(target, 'id')) ?? (isObject(inner) ? longToBigInt(inner.id) : undefined)
  return id === undefined || id === 0n ? undefined : String(id)
}

export type ClosedCursors = Map<string, Trace>
