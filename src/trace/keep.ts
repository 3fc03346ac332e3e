import { now } from '../clock.ts'
import { lastOptions, type ResolvedOptions } from '../options.ts'
import { guard } from '../say.ts'
import type { State } from '../state.ts'
import { hold, release } from './light.ts'
import { linkFronts } from './link.ts'
import { openedBy } from './opener.ts'
import type { AnyFunction } from './patch.ts'
import type { LiveRecord } from './record.ts'
import type { Resource } from './resources/resource.ts'
import { sampled } from './sample.ts'
import { type Attribution, attribute, ofFile } from './scope.ts'
import { captureAbove, stackText, type Trace } from './stack.ts'

/** Prunes a scope when it holds this many records: a long test with many finished cursors stays small. */
const PRUNE_FROM = 512
const MAX_CLIENT_SITES = 1_000

/** Notes an object that is being built. */
export function add(current: State, resource: Resource, target: object, from?: AnyFunction[]): void {
  current.app?.known.add(target)
  if (current.ownCalls.getStore()) return
  guard('noting a new object', () => {
    if (isOff()) return
    const wanted = lastOptions()
    const isClient = resource.kind === 'client'
    // What a front builds later is counted in its place.
    if (!isClient && resource.kind !== 'session' && !resource.front) current.seen.cursors++
    const above = from ?? resource.from?.(target) ?? [target.constructor as AnyFunction]
    const trace = stackOf(current, resource, above, wanted)
    if (isClient) countClient(current, trace)
    keep(current, newRecord(current, resource, target, trace, isClient ? ofFile(current) : attribute(current)))
  })
}

const isOff = (): boolean => {
  const { enabled, detail } = lastOptions()
  return !enabled || detail === 'off'
}

function stackOf({ app }: State, { kind }: Resource, from: AnyFunction[], wanted: ResolvedOptions): Trace {
  return app ? sampled(app.sampler, kind, from, wanted) : captureAbove(from, wanted.stackDepth)
}

/** How often each line made a client, for good: a client that is closed is forgotten otherwise. */
function countClient({ app }: State, trace: Trace): void {
  if (!app) return
  const stack = stackText(trace) ?? ''
  const before = app.clients.get(stack)
  if (before !== undefined || app.clients.size < MAX_CLIENT_SITES) app.clients.set(stack, (before ?? 0) + 1)
}

function newRecord(current: State, resource: Resource, target: object, trace: Trace, where: Attribution): LiveRecord {
  const record: LiveRecord = {
    resource,
    target,
    kind: resource.kind,
    trace,
    ...where,
    builtAt: now(),
    lostIds: [],
    uses: 0,
    reads: 0,
    streams: [],
    settled: false,
  }
  current.records.set(target, record)
  if (resource.front) current.fronts.add(new WeakRef(record))
  return record
}

/** Takes in an object of a running app that was built before tracing began, when it shows up. */
export function adopt(
  current: State,
  kindOf: (target: object) => Resource | null | undefined,
  target: object,
): LiveRecord | undefined {
  const { app } = current
  if (!app || app.known.has(target) || current.ownCalls.getStore() || isOff()) return undefined
  const resource = kindOf(target)
  if (!resource) return undefined
  app.known.add(target)
  const where = {
    scope: current.file,
    note: 'opened before tracing started: its line is not known, its age is at least this',
  }
  const record = newRecord(current, resource, target, {}, where)
  keep(current, record)
  return record
}

/** Holds a record until it ends: in a running app weakly, unless `detail` is `full`. */
export function keep(current: State, record: LiveRecord): void {
  if (current.app && lastOptions().detail !== 'full') {
    hold(current.app.store, record)
    return
  }
  const { records } = record.scope
  records.add(record)
  if (records.size >= PRUNE_FROM && (records.size & (records.size - 1)) === 0) prune(current, records)
}

/** Holds a record again that is used after it was let go: where its test is over, its file judges it. */
export function rejoin(current: State, record: LiveRecord): void {
  const { scope } = record
  if (scope.done && scope !== current.file) {
    if (scope.kind === 'test') {
      record.test ??= scope.name
      record.note ??= openedBy(record.by, scope.name)
    }
    record.scope = current.file
  }
  keep(current, record)
}

export const isHeld = (current: State, record: LiveRecord): boolean =>
  record.scope.records.has(record) || (record.light !== undefined && !!current.app?.store.entries.has(record.light))

export function drop(current: State, record: LiveRecord): void {
  if (record.light && current.app) release(current.app.store, record.light)
  record.scope.records.delete(record)
}

/** Every record that is held now. */
export function liveRecords(current: State): LiveRecord[] {
  linkFronts(current)
  const { scope: ofWorker, left } = current.worker
  const strong = [current.file, ofWorker, left, ...current.running, ...current.checked].flatMap((scope) => [
    ...(scope?.records ?? []),
  ])
  if (!current.app) return strong
  const weak = [...current.app.store.entries].map(({ ref }) => ref.deref()).filter((record) => record !== undefined)
  return [...strong, ...weak]
}

/** Drops what has ended without a call that told us: drained cursors of which nothing is left to judge. */
function prune(current: State, records: Set<LiveRecord>): void {
  linkFronts(current)
  for (const record of records) {
    if (guard('judging', () => record.resource.judge(record)) === undefined) records.delete(record)
  }
}
