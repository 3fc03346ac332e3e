import { field, isObject } from './fields.ts'

/**
 * The client that a driver object reads through: of a cursor or session, of a change stream by its inner cursor, of what
 * stands in front of a cursor (mongoose) by its model.
 */
export function clientOf(target: object): unknown {
  const own = field(target, 'client')
  if (own) return own
  const inner = field(target, 'cursor')
  if (isObject(inner)) return field(inner, 'client')
  const aggregate = field(target, 'agg')
  const model = field(target, 'model') ?? (isObject(aggregate) ? aggregate._model : undefined)
  const connection = typeof model === 'function' ? field(model, 'db') : undefined
  return isObject(connection) ? field(connection, 'client') : undefined
}

/** Whether an object reads through this client: the first minors of driver 4 know only the client's topology. */
export function isOfClient(target: object, client: object): boolean {
  const owner = clientOf(target)
  if (owner) return owner === client
  const inner = field(target, 'cursor')
  const topology = field(isObject(inner) ? inner : target, 'topology')
  return isObject(topology) && topology === field(client, 'topology')
}
