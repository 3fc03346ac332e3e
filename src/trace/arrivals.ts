import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'
import { guard } from '../say.ts'
import type { State } from '../state.ts'
import type { Undo } from './patch.ts'
import { arrived, type Context } from './scope.ts'

/**
 * Where an app's handlers can be told from the code that called them. Node's http and https servers say that a request
 * has come in (Node 18 and later) before any listener of theirs is called.
 */
const REQUEST = 'http.server.request.start'
/** Fastify 5 runs each of its handlers within this channel, also for what `app.inject()` asks inside a test's body. */
// Held: Node drops channels that nobody refers to.
const FASTIFY = channel('tracing:fastify.request.handler:start')

/** Runs handlers as handlers, until it is undone. */
export function watchArrivals(current: State): Undo {
  const handling = (): Context | undefined => guard('noting a request', () => arrived(current))
  // The rest of this turn, and what it starts, is the handler's.
  const enter = (): void => current.als.enterWith(handling())
  subscribe(REQUEST, enter)
  FASTIFY.bindStore(current.als, handling)
  return () => {
    unsubscribe(REQUEST, enter)
    FASTIFY.unbindStore(current.als)
  }
}

/**
 * Node's http2 has no such channel in every version: its streams are seen being built, in the turn that tells of them.
 */
export const isArrival = (proto: object): boolean =>
  proto.constructor?.name === 'ServerHttp2Stream' && Object.hasOwn(proto, 'pushStream')
