import { field, isObject } from './fields.ts'

/**
 * The client that a driver object reads through: of a cursor or session, of a change stream by its inner cursor, of what
 * stands in front of a cursor (mongoose) by its model.
 */
export function clientOf(target: object): unknown {
  const own = field(target, 'client')
  if (own) return own
  const inner = field(target, 'cursor')
  const ofInner = isObject(inner) ? field(inner, 'client') : undefined
  // The first minors of driver 4 tell a cursor no client.
  if (ofInner) return ofInner
  const aggregate = field(target, 'agg')
  const model = field(target, 'model') ?? (isObject(aggregate) ? aggregate._model : undefined)
  const connection = typeof model === 'function' ? field(model, 'db') : undefined
  return isObject(connection) ? field(connection, 'client') : undefined
}

/** Whether an object reads through this client: the first minors of driver 4 know only the client's topology. */
export function isOfClient(target: object, client: object): boolean {
  const owner = clientOf(target)
  if (owner) return owner === client
  const topology = topologyOf(target)
  return isObject(topology) && topology === field(client, 'topology')
}

/** What its client, or in the first minors of driver 4 it itself, reaches its servers by. */
export function topologyOf(target: object): unknown {
  const client = clientOf(target)
  if (isObject(client)) return field(client, 'topology')
  const inner = field(target, 'cursor')
  return field(isObject(inner) ? inner : target, 'topology')
}
