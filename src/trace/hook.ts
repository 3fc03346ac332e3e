import { EventEmitter } from 'node:events'
import { disguise } from './patch.ts'

/**
 * Every driver object is an `EventEmitter`, and Node calls `EventEmitter.init` dynamically in each construction
 * (its own `domain` module relies on that). Core modules are shared by all vm contexts, so one hook sees every copy
 * of the driver in the process, in every runner and pool.
 */
export interface Sink {
  /**
   * Called at the start of each emitter's construction: the emitter has no field of its own yet.
   * @returns `false` where nothing of this prototype will ever be of interest: it is not asked about again
   */
  built(emitter: object): boolean
}

type Init = (this: object, options?: unknown) => void
interface Host {
  init: Init
  [HOOK]?: Hook
}
interface Hook {
  original: Init
  wrapper: Init
  /** Weak, so that a vm context that ended without `stopTrace()` is not kept alive by a later one. */
  sinks: WeakRef<Sink>[]
  gate: Gate
  /** Rebuilds the hook with code of the realm that calls it: see `takeOver`. */
  takeOver: WeakRef<() => void>[]
}

/** What most emitters of a process pass: their prototype is known to be no driver's, and no sink is told. */
interface Gate {
  /** Prototypes of no interest to any sink. */
  others: WeakSet<object>
  /** Above zero while somebody collects everything that is built. */
  wide: number
}

const HOOK = Symbol.for('cursorleak.hook')
const host = EventEmitter as unknown as Host
const mine = new Map<Sink, () => void>()

/** False where other code froze the class, or a runtime has or calls no such function: `instrument()` is for these. */
export function isHookable(): boolean {
  const init = Object.getOwnPropertyDescriptor(host, 'init')
  return typeof init?.value === 'function' && init.writable === true && Object.isExtensible(host) && isCalled()
}

let called: boolean | undefined

/** Bun has the function and never calls it: one emitter, built while the function is ours, tells. */
function isCalled(): boolean {
  if (called !== undefined) return called
  const { init } = host
  called = false
  host.init = function (this: object, options?: unknown) {
    called = true
    return init.call(this, options)
  }
  try {
    new EventEmitter()
  } finally {
    host.init = init
  }
  return called
}

/** Starts telling the sink of every emitter, where that can be done. A sink that is on already stays on once. */
export function hook(sink: Sink): void {
  if (mine.has(sink) || !isHookable()) return
  const renew = (): void => takeOver(sink)
  mine.set(sink, renew)
  renew()
}

/** Stops telling the sink; with the last sink Node's own function is put back. */
export function unhook(sink: Sink): void {
  mine.delete(sink)
  const current = host[HOOK]
  if (current === undefined) return
  const left = current.sinks.map((ref, i) => [ref.deref(), current.takeOver[i]?.deref()] as const)
  const others = left.filter(([other]) => other !== undefined && other !== sink)
  restore(current)
  // The remaining realm builds the hook anew, so that none of our code stays behind in the process.
  others.at(-1)?.[1]?.()
}

/** True while `EventEmitter.init` is still the function that tells this sink. */
export function isHooked(sink: Sink): boolean {
  return host[HOOK]?.sinks.some((ref) => ref.deref() === sink) ?? false
}

/** From now on the sinks are told of every emitter, also of those of no interest, until the returned function is called. */
export function everyEmitter(): () => void {
  const gate = host[HOOK]?.gate
  if (gate) gate.wide++
  return () => {
    if (gate) gate.wide--
  }
}

function takeOver(sink: Sink): void {
  const before = host[HOOK]
  const others = before?.sinks
    .map((ref, i) => [ref.deref(), before.takeOver[i]?.deref()] as const)
    .filter((pair): pair is readonly [Sink, () => void] => pair[0] !== undefined && pair[0] !== sink && !!pair[1])
  if (before) restore(before)
  const all = [...(others ?? []), [sink, mine.get(sink) ?? (() => takeOver(sink))] as const]
  const sinks = all.map(([s]) => new WeakRef(s))
  const original = host.init
  // A new one for each set of sinks: what was of no interest to the others may be to this one.
  const gate: Gate = { others: new WeakSet(), wide: 0 }
  const wrapper = makeWrapper(original, sinks, gate)
  host.init = wrapper
  Object.defineProperty(host, HOOK, {
    value: { original, wrapper, sinks, gate, takeOver: all.map(([, renew]) => new WeakRef(renew)) } satisfies Hook,
    configurable: true,
    enumerable: false,
  })
}

/**
 * On its own, because a closure keeps every variable alive that any closure of the same call uses: made inside `takeOver`,
 * it would keep the hook before it, and so the vm contexts of all files before.
 */
function makeWrapper(original: Init, sinks: ReadonlyArray<WeakRef<Sink>>, gate: Gate): Init {
  const { others } = gate
  return disguise(function init(this: object, options?: unknown) {
    const result = original.call(this, options)
    const proto = Object.getPrototypeOf(this) as object | null
    if (proto !== null && gate.wide === 0 && others.has(proto)) return result
    let wanted = sinks.length === 0
    for (const ref of sinks) if (ref.deref()?.built(this)) wanted = true
    if (!wanted && proto !== null) others.add(proto)
    return result
  }, original) as Init
}

function restore(current: Hook): void {
  if (host.init === current.wrapper) host.init = current.original
  // Somebody wrapped after us and calls our function: it stays in the chain, and from now on only passes on.
  else current.sinks.length = 0
  delete host[HOOK]
}
