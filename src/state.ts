import { AsyncLocalStorage } from 'node:async_hooks'
import type { OptionLayers, Options } from './options.ts'
import type { Leak } from './report/leak.ts'
import type { App } from './trace/app.ts'
import type { ClosedCursors } from './trace/closed.ts'
import type { Sink } from './trace/hook.ts'
import type { Undo } from './trace/patch.ts'
import type { LiveRecord } from './trace/record.ts'
import type { IndexKey } from './trace/resources/resource.ts'
import { type Context, newScope, type Scopes, type WorkerEnd } from './trace/scope.ts'

/**
 * All that lasts between calls, in one place on the global object, so that the ESM and the CJS build, and a setup file
 * that is evaluated again for each test file, agree. Each vm context has its own.
 */
export interface State extends Scopes {
  records: WeakMap<object, LiveRecord>
  sink: Sink | undefined
  undo: Undo[]
  /** The record of an object, also of one that was built before a running app was traced. */
  adopt: ((target: object) => LiveRecord | undefined) | undefined
  /** Whether an object is of a kind that is traced. */
  kindOf: ((target: object) => boolean) | undefined
  /** Objects in front of a driver object that is not built yet. */
  fronts: Set<WeakRef<LiveRecord>>
  /** Classes of the driver that `instrument()` watches. */
  instrumented: Set<object>
  /** Emitters built while a wrapped call runs that wants to know of them. */
  collecting: object[] | undefined
  /** Above zero while a client's close runs, which may close its cursors by itself. */
  closing: number
  /** Above zero while we call the driver ourselves: what is built then is not the user's. */
  ownCalls: AsyncLocalStorage<true>
  /** Indexes that this process created, by namespace. */
  indexes: Map<string, IndexKey[]>
  /** Where cursors were created that were open when they were closed here, by their ids on the server. */
  closed: ClosedCursors
  /** Cursors that `db.command()` opened and that are not known to be over. */
  commands: Set<LiveRecord>
  seen: { cursors: number; drivers: Set<string> }
  /** What the checks of the file cost so far, in real time. */
  spent: { checks: number; ms: number }
  options: OptionLayers
  /** Set while a running app is traced (`startTrace()`, `cursorleak/register`), not a test file. */
  app: App | undefined
  /**
   * Who traces in this process: a runner's adapter, how many calls of `startTrace()` nobody has stopped yet, and what
   * options these had beside a runner's check, whose own they do not touch.
   */
  users: { runner: boolean; apps: number; own: Options }
  /** Under Vitest: what ends with this process or thread, not with a file. */
  worker: WorkerEnd
  said: Set<string>
  /** Mocha has asked for our hooks. */
  hooksTaken: boolean
  /** This runner's process does not end while a client is connected. */
  hangs: boolean
  /** This runner does not let us tell a hook from a body: what is noted as a hook's may be a body's. */
  untold: boolean
  /** Warnings of the file that another test or file has had already. */
  repeated: Leak[]
  /** Stacks come as plain Node makes them, so that we look up their source maps. */
  mapsStacks: boolean
}

const KEY = Symbol.for('cursorleak@1')

export function state(): State {
  const host = globalThis as { [KEY]?: State }
  let current = host[KEY]
  if (current === undefined) {
    current = {
      als: new AsyncLocalStorage<Context | undefined>(),
      file: newScope('file'),
      running: new Set(),
      checked: new Set(),
      guesses: false,
      worker: { calls: new Set(), files: new Set(), isAwaited: false },
      hangs: false,
      untold: false,
      hooksTaken: false,
      records: new WeakMap(),
      fronts: new Set(),
      instrumented: new Set(),
      sink: undefined,
      undo: [],
      adopt: undefined,
      kindOf: undefined,
      collecting: undefined,
      closing: 0,
      ownCalls: new AsyncLocalStorage<true>(),
      indexes: new Map(),
      closed: new Map(),
      commands: new Set(),
      seen: { cursors: 0, drivers: new Set() },
      spent: { checks: 0, ms: 0 },
      options: { plugin: {}, configured: {}, started: {} },
      app: undefined,
      users: { runner: false, apps: 0, own: {} },
      said: new Set(),
      repeated: [],
      mapsStacks: false,
    }
    // Jest's teardown deletes the properties of what a file put on its global object, while a trace that nobody stopped
    // still reads them in the files after it. Those that can't be deleted it leaves alone.
    Object.seal(current)
    Object.defineProperty(host, KEY, { value: current, configurable: true, enumerable: false, writable: true })
  }
  return current
}
