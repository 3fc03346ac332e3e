import { isDeepStrictEqual, types } from 'node:util'
import { now } from '../clock.ts'
import { lastOptions } from '../options.ts'
import { guard, sayOnce } from '../say.ts'
import { type State, state } from '../state.ts'
import { isArrival, watchArrivals } from './arrivals.ts'
import { rememberClosed } from './closed.ts'
import { tagCommands } from './comment.ts'
import { field } from './fields.ts'
import { everyEmitter, hook, isHookable, isHooked, unhook } from './hook.ts'
import { add, adopt, drop, keep, liveRecords, rejoin } from './keep.ts'
import { touch } from './light.ts'
import { linkFronts } from './link.ts'
import type { Undo } from './patch.ts'
import type { LiveRecord } from './record.ts'
import { seeFirst } from './resources/client.ts'
import { watchIndexes } from './resources/collection.ts'
import { watchCommands } from './resources/command.ts'
import { resources } from './resources/index.ts'
import type { IndexKey, Lookup, Resource } from './resources/resource.ts'
import { session } from './resources/session.ts'
import { watchGetMore, watchStart } from './resources/starting.ts'
import { arrived } from './scope.ts'
import { capture } from './stack.ts'
import { sweep } from './sweep.ts'

/** Early closes of one test that are asked about. */
const MAX_EARLY = 1_000

/** Closes behind a client's that are remembered: the driver's own may come first. */
const MAX_LATE = 4

/** A class is looked at so often when that goes wrong: each time may wrap a method anew. */
const MAX_FAULTS = 5

/** Set on a prototype of the driver that is watched, with who watches it: a new vm context takes over from an old one. */
const WATCHED = Symbol.for('cursorleak.watched')
interface Watched {
  by: State
  undo: Undo[]
}

/** Starts seeing driver objects. On already means nothing happens. */
export function startTracing(): void {
  const current = state()
  if (current.sink && (isHooked(current.sink) || !isHookable())) return
  const kinds = new WeakMap<object, Resource | null>()
  const faults = new WeakMap<object, number>()
  const kindOf = (emitter: object): Resource | null | undefined => {
    const proto = Object.getPrototypeOf(emitter) as object | null
    if (proto === null) return null
    const known = kinds.get(proto)
    if (known !== undefined) return known
    const kind = guard('looking at a class', () => recognise(proto, lookup, current))
    // After a fault it is not known: the next object of this class is looked at again, a few times.
    const fault = (faults.get(proto) ?? 0) + 1
    if (kind !== undefined || fault === MAX_FAULTS) kinds.set(proto, kind ?? null)
    else faults.set(proto, fault)
    return kind
  }
  const lookup = makeLookup(current, kindOf)
  current.adopt = lookup.record
  current.kindOf = (target) => !!kindOf(target)
  current.sink = {
    built(emitter) {
      current.collecting?.push(emitter)
      const kind = kindOf(emitter)
      if (kind) add(current, kind, emitter)
      return kind !== null || isRequest(current, emitter)
    },
  }
  hook(current.sink)
  if (!current.app) current.undo.push(watchArrivals(current))
}

/** Stops seeing driver objects and puts back every function that was replaced. */
export function stopTracing(): void {
  const current = state()
  if (!current.sink) return
  unhook(current.sink)
  current.sink = undefined
  for (const step of current.undo.splice(0).reverse()) step()
}

export const isTracing = (): boolean => {
  const { sink, instrumented } = state()
  return sink !== undefined && (isHooked(sink) || instrumented.size > 0)
}

/** Tracing was started and is not on. */
export const isBlind = (): boolean => state().sink !== undefined && !isTracing()

/** Says why nothing is seen. */
export function sayIfBlind(): void {
  if (!isBlind()) return
  sayOnce(
    isHookable()
      ? 'other code replaced EventEmitter.init while tests ran; what was built after that was not checked'
      : `${whyNotHookable()}, so no cursor is seen: call instrument(mongodb) for each copy of the driver`,
  )
}

const whyNotHookable = (): string =>
  process.versions.bun === undefined
    ? "EventEmitter.init can't be replaced in this process"
    : 'Bun calls no EventEmitter.init'

/** A request over http2 that is being built: what follows in this turn is its handler. */
function isRequest(current: State, emitter: object): boolean {
  if (current.app || !isArrival(Object.getPrototypeOf(emitter) as object)) return false
  guard('noting a request', () => current.als.enterWith(arrived(current)))
  return true
}

/** Finds the kind of a class by the methods on its prototypes, and watches what is found. */
function recognise(leaf: object, lookup: Lookup, current: State): Resource | null {
  for (let proto = leaf; proto; proto = Object.getPrototypeOf(proto) as object) {
    // A change stream's inner cursor: the change stream itself is the one that is judged.
    if (Object.hasOwn(proto, 'cacheResumeToken')) {
      watchStarts(leaf, (inner) => streamOf(current, inner), lookup, current)
      return null
    }
    if (isBeforeDriver4(proto)) {
      sayOnce(
        'this process uses a mongodb driver older than 4.0; its cursors are not traced: update the package mongodb',
      )
      return null
    }
    // Every operation builds one: those that a caller asked for are noted where it asked.
    if (session.recognise(proto)) {
      watchOnce(proto, (p) => session.watch(p, lookup), current)
      return null
    }
    const resource = resources.find((one) => one.recognise(proto))
    if (resource) {
      watchOnce(proto, (p) => resource.watch(p, lookup), current)
      if (resource.kind === 'cursor') watchStarts(leaf, lookup.record, lookup, current)
      if (resource.kind === 'cursor' && lastOptions().tagComments) current.undo.push(tagCommands(leaf, lookup))
      return resource
    }
  }
  return null
}

/** A class of cursors has its own way to send the first command. */
function watchStarts(leaf: object, recordOf: Lookup['record'], lookup: Lookup, current: State): void {
  for (let proto = leaf; proto; proto = Object.getPrototypeOf(proto) as object) {
    if (!Object.hasOwn(proto, '_initialize')) continue
    watchOnce(proto, (p) => [watchStart(p, recordOf, lookup.keep), ...watchGetMore(p, recordOf)], current)
    return
  }
}

/** The change stream that reads from a cursor. There are few, and each asks once. */
function streamOf(current: State, inner: object): LiveRecord | undefined {
  return liveRecords(current).find(({ kind, target }) => kind === 'changeStream' && field(target, 'cursor') === inner)
}

/** Driver 3's cursor has the same two methods, and one that no later major has. */
const isBeforeDriver4 = (proto: object): boolean =>
  Object.hasOwn(proto, 'bufferedCount') && Object.hasOwn(proto, 'rewind') && Object.hasOwn(proto, '_initializeCursor')

function watchOnce(proto: object, watch: (proto: object) => Undo[], current: State): void {
  const host = proto as { [WATCHED]?: Watched }
  // Of its own: a class of cursors is watched beside the one that it derives from.
  const before = Object.hasOwn(host, WATCHED) ? host[WATCHED] : undefined
  if (before?.by === current) return
  for (const step of before?.undo.reverse() ?? []) step()
  const undo = watch(proto)
  Object.defineProperty(host, WATCHED, { value: { by: current, undo } satisfies Watched, configurable: true })
  current.undo.push(() => {
    if (host[WATCHED]?.by !== current) return
    for (const step of undo.reverse()) step()
    delete host[WATCHED]
  })
}

/** Enough to get out of the driver, to the line that reads. */
const USE_DEPTH = 12

/** A cursor that is read once has no later use; one that is read a thousand times must stay as fast as it was. */
const isSampled = (nth: number): boolean => nth > 1 && (nth <= 4 || (nth & (nth - 1)) === 0)

function makeLookup(current: State, kindOf: (target: object) => Resource | null | undefined): Lookup {
  const lookup: Lookup = {
    record: (target) =>
      current.records.get(target) ?? guard('taking in an older object', () => adopt(current, kindOf, target)),
    add: (resource, target, from) => add(current, resource, target, from),
    used(record, from) {
      if (!current.app) {
        if (record.acquitted) usedAgain(current, record)
        if (from && isSampled(record.uses)) record.lastUse = { trace: capture(from, USE_DEPTH), at: record.uses }
        return
      }
      record.usedAt = now()
      if (record.light && !record.light.dirty) touch(current.app.store, record.light)
    },
    closedEarly(record, id, closing) {
      if (!types.isPromise(closing) || current.ownCalls.getStore() || !lastOptions().confirm) return
      record.early ??= { id, closes: [] }
      record.early.closes.push(closing)
      const { scope } = record
      scope.early ??= []
      if (scope.early.length < MAX_EARLY && !scope.early.includes(record)) scope.early.push(record)
    },
    ended(record, by) {
      if (record.closedBy === 'sweep') endedBehind(current, record)
      if (record.closedBy) return
      record.closedBy = by
      // With the wrapper as the first frame, which is ours: the line below it is its owner's.
      if (record.failed && !current.ownCalls.getStore() && !isOwnLateClose(current, record)) {
        record.ownersClose = capture(undefined, USE_DEPTH)
      }
      guard('noting a close', () => rememberClosed(current, record))
      // What stands in front may have closed it after reading everything ahead of its user: then it is judged still.
      if (current.fronts.size > 0) guard('looking behind an object', () => linkFronts(current))
      const isLost = record.lostIds.length > 0 || (record.starts !== undefined && record.starts.atOnce > 1)
      if (!isLost && !record.front) drop(current, record)
      if (record.reportedAt !== undefined) guard('telling of a close', () => current.app?.returned(record))
    },
    keep(record) {
      guard('noting an open cursor', () => {
        const { scope } = record
        if (scope.done && scope.kind === 'test') record.scope = current.file
        if (!record.settled) keep(current, record)
      })
    },
    revived(record, lostId) {
      if (lostId !== undefined) record.lostIds.push(lostId)
      delete record.closedBy
      delete record.closedStarting
      delete record.beforeSweep
      rejoin(current, record)
    },
    collect() {
      const outer = current.collecting
      const built: object[] = []
      current.collecting = built
      const narrow = everyEmitter()
      return {
        built,
        end() {
          narrow()
          current.collecting = outer
          outer?.push(...built)
        },
      }
    },
    database: (proto) =>
      guard('looking at a database', () => {
        const see = (collection: object) =>
          guard('looking at a collection', () =>
            watchOnce(
              collection,
              (p) => watchIndexes(p, (namespace, index) => noteIndex(current, namespace, index)),
              current,
            ),
          )
        const seeAdmin = (admin: object) =>
          guard('looking at a database', () => watchOnce(admin, (p) => watchCommands(p, lookup), current))
        const watch = (p: object): Undo[] => [
          seeFirst(p, 'collection', see),
          seeFirst(p, 'admin', seeAdmin),
          ...watchCommands(p, lookup),
        ]
        watchOnce(proto, watch, current)
      }),
    commanded: (note) => guard('following a command', note),
    sweep(client) {
      guard('looking at a closing client', () => sweep(current, client))
      current.closing++
      return { end: () => void current.closing-- }
    },
  }
  return lookup
}

/** A test that has run out of time goes on, and may close behind its verdict what was never meant to outlive it. */
const isOwnLateClose = ({ als }: State, { failed }: LiveRecord): boolean =>
  failed?.itself !== undefined && als.getStore()?.scope === failed.itself

/** Its owner may close it when its client is closed already, as may the driver: who did so its stack tells. */
function endedBehind({ app, closing, ownCalls }: State, record: LiveRecord): void {
  if (app || closing > 0 || ownCalls.getStore() || record.kind === 'session') return
  record.behindClient ??= []
  if (record.behindClient.length < MAX_LATE) record.behindClient.push(capture(undefined, USE_DEPTH))
}

/** What was acquitted was acquitted of what it did until then. */
function usedAgain(current: State, record: LiveRecord): void {
  delete record.acquitted
  rejoin(current, record)
}

function noteIndex(current: State, namespace: string, index: IndexKey): void {
  const known = current.indexes.get(namespace) ?? []
  current.indexes.set(namespace, known)
  const same = known.some((one) => isDeepStrictEqual(one, index))
  if (!same) known.push(index)
}
