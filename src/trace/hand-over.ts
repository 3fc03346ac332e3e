import { inspect } from 'node:util'
import { type State, state } from '../state.ts'
import { liveRecords } from './keep.ts'
import { linkFronts } from './link.ts'
import type { LiveRecord } from './record.ts'
import { isTracing } from './registry.ts'

/**
 * Hands a cursor, change stream, session or client over to the test file: it is meant to outlive the test that opens it
 * (a shared change stream, a session of several steps). Unlike with `allowLeaks()` it is still judged, when the file is
 * over: whoever shares it has to close it by then, as in an `afterAll`.
 * @param opened an object of the driver or of mongoose, a GridFS download stream, or the stream of a cursor or change stream
 * @returns the same object
 * @throws a `TypeError` for anything else
 * @example
 * const changes = keep(orders.watch())
 * afterAll(() => changes.close())
 */
export function keep<T extends object>(opened: T): T {
  const current = state()
  const record = typeof opened === 'object' && opened !== null ? recordOf(current, opened) : undefined
  if (!record) {
    // Switched off, or handed over twice after its end: nothing is judged here.
    if (!isTracing() || isKnown(opened)) return opened
    throw new TypeError(
      `cursorleak: keep() was given ${inspect(opened, { depth: -1 })}; pass a cursor, change stream, session, client or ` +
        'download stream that was opened while tests are checked',
    )
  }
  linkFronts(current)
  const { scope } = record
  // What stands in front of a driver's object is judged in that object's place, once it is there.
  for (const one of [record, ...[...scope.records].filter(({ front }) => front === record)]) handOver(current, one)
  return opened
}

/** A stream that a cursor or change stream has made stands for it. */
const recordOf = (current: State, opened: object): LiveRecord | undefined =>
  current.records.get(opened) ?? liveRecords(current).find(({ streams }) => streams.includes(opened))

function handOver(current: State, record: LiveRecord): void {
  record.kept = true
  const { scope } = record
  if (scope.kind === 'file') return
  if (scope.records.delete(record)) current.file.records.add(record)
  record.test ??= scope.name
  record.note ??= `handed to the file by keep() in the test "${scope.name}"`
  record.scope = current.file
}

/** Of a kind that is traced, but built before, or by us. */
const isKnown = (opened: unknown): boolean =>
  typeof opened === 'object' && opened !== null && state().kindOf?.(opened) === true
