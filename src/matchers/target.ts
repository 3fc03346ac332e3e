import { printable } from '../report/printable.ts'
import { field, isObject } from '../trace/fields.ts'
import { hostsOf } from '../trace/resources/client.ts'

/** What a question is about: everything of these clients, or what lies in one database or collection of them. */
export interface Target {
  clients: object[]
  /** `database` or `database.collection`; undefined for all of the clients. */
  namespace: string | undefined
  /** As a message names it. */
  name: string
}

const ACCEPTED = 'a Db, Collection or MongoClient of the driver, or a mongoose Connection, Model or the mongoose object'

/**
 * Recognises a target by its shape, so that any copy and major of the driver and of mongoose will do.
 * @param asker named in the error
 * @throws a TypeError for anything else
 */
export function targetOf(received: unknown, asker: string): Target {
  const target = recognise(received)
  if (target) return target
  throw new TypeError(`${asker} was given ${describe(received)}; it takes ${ACCEPTED}`)
}

function recognise(received: unknown): Target | undefined {
  if (typeof received === 'function') return modelTarget(received)
  if (!isObject(received)) return undefined
  if (has(received, 'startSession', 'db', 'connect', 'close')) {
    return { clients: [received], namespace: undefined, name: `the client of ${hostsOf(received)}` }
  }
  // Both of mongoose's have `model`; only the whole has a list of connections.
  if (has(received, 'model', 'createConnection') && Array.isArray(received.connections)) {
    return { clients: received.connections.flatMap(connectionClients), namespace: undefined, name: 'mongoose' }
  }
  if (has(received, 'model', 'collection', 'getClient') && isObject(received.models)) {
    const name = String(received.name ?? '')
    return {
      clients: connectionClients(received),
      namespace: name,
      name: `the mongoose connection to ${name || 'no database'}`,
    }
  }
  if (has(received, 'collection', 'command', 'aggregate')) return databaseTarget(received)
  if (has(received, 'find', 'aggregate', 'insertOne')) return collectionTarget(received)
  return undefined
}

function databaseTarget(db: Record<string, unknown>): Target | undefined {
  if (typeof db.databaseName !== 'string') return undefined
  return { clients: clientBehind(db), namespace: db.databaseName, name: `the database ${db.databaseName}` }
}

function collectionTarget(collection: Record<string, unknown>): Target | undefined {
  // mongoose's own collection wraps the driver's.
  if (isObject(collection.conn) && typeof collection.name === 'string') {
    const namespace = `${String(collection.conn.name)}.${collection.name}`
    return { clients: connectionClients(collection.conn), namespace, name: namespace }
  }
  if (typeof collection.namespace !== 'string') return undefined
  return { clients: clientBehind(collection), namespace: collection.namespace, name: collection.namespace }
}

function modelTarget(model: object): Target | undefined {
  const collection = field(model, 'collection')
  const name = field(model, 'modelName')
  if (typeof name !== 'string' || !isObject(collection)) return undefined
  const target = collectionTarget(collection)
  return target && { ...target, name: `the model ${name} (${target.namespace})` }
}

/** A connection that has never connected has no client, and nothing that could leak. */
function connectionClients(connection: unknown): object[] {
  const client = isObject(connection) ? field(connection, 'client') : undefined
  return isObject(client) ? [client] : []
}

/** Driver 6 and later have `client` on both; before it is inside, on a collection behind its database. */
function clientBehind(owner: Record<string, unknown>): object[] {
  const inside = isObject(owner.s) ? owner.s : {}
  const database = isObject(inside.db) && isObject(inside.db.s) ? (inside.db.client ?? inside.db.s.client) : undefined
  const client = owner.client ?? inside.client ?? database
  return isObject(client) ? [client] : []
}

const has = (object: object, ...methods: string[]): boolean =>
  methods.every((name) => typeof field(object, name) === 'function')

function describe(received: unknown): string {
  if (received === null || received === undefined) return String(received)
  if (typeof received !== 'object' && typeof received !== 'function') return `a ${typeof received}`
  if (typeof field(received, 'then') === 'function' && field(received, 'exec') === undefined) {
    return 'a promise (await it first)'
  }
  if (Array.isArray(received)) return 'an array'
  if (typeof received === 'function') return 'a function'
  const name: unknown = (field(received, 'constructor') as { name?: unknown } | undefined)?.name
  return typeof name === 'string' && name !== '' ? `an object of the class ${printable(name)}` : 'an object'
}

/** Whether an object of this client that reads from this namespace belongs to the target. */
export function belongs(target: Target, client: unknown, namespace: string): boolean {
  if (!target.clients.includes(client as object)) return false
  const { namespace: wanted } = target
  return wanted === undefined || namespace === wanted || (!wanted.includes('.') && namespace.startsWith(`${wanted}.`))
}
