import { state } from '../../state.ts'
import { watchCallback } from '../callback.ts'
import { field, isObject, longToBigInt } from '../fields.ts'
import { killCursors } from '../kill.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import { cursorIdIn } from '../pending.ts'
import type { LiveRecord } from '../record.ts'
import { giveBack, makeRoom } from '../stack.ts'
import { FIX_BUSY, type Lookup, type Resource, type Verdict } from './resource.ts'

/** Commands whose reply may bring a cursor. */
const OPENING = new Set(['find', 'aggregate', 'listCollections', 'listIndexes', 'listSearchIndexes', 'bulkWrite'])
/** Commands that end cursors without naming them. */
const SWEEPING = new Set(['killSessions', 'killAllSessions', 'killAllSessionsByPattern'])
/** So many are followed: of a program that opens more without end, the oldest are left to the server. */
const MAX_FOLLOWED = 1_000

/** The id of a reply's cursor, zero where the server is done with it, undefined where there is none or none can be seen. */
type Reply = () => bigint | 'pending' | undefined

/** A cursor that `db.command()` opened on the server: no object of the driver stands for it. */
export class CommandCursor {
  /** The answer that brought it, with the id as its driver wrote it; kept where we may have to kill it. */
  first: Promise<unknown> | undefined
  #replies: Reply[]
  #id: bigint | undefined

  constructor(
    readonly client: unknown,
    readonly namespace: string,
    readonly command: string,
    readonly waits: boolean,
    readonly fix: string,
    reply: Reply,
  ) {
    this.#replies = [reply]
  }

  /** Another command reads on. */
  follow(reply: Reply): void {
    this.#replies.push(reply)
  }

  /** Zero once the server is done with it, or may be; undefined before the first answer. */
  get id(): bigint | undefined {
    for (let reply = this.#replies[0]; reply; reply = this.#replies[0]) {
      const id = reply()
      if (id === 'pending') break
      // A read that failed: whether the server still has it nobody knows.
      this.#id = this.#id === 0n ? 0n : (id ?? 0n)
      this.#replies.shift()
    }
    // With it go the documents of its batch.
    if (this.#id === 0n) this.first = undefined
    return this.#id
  }

  get isAsked(): boolean {
    return this.id !== undefined && this.#replies.length > 0
  }

  /** Answers are to come, or to be read. */
  get isUnread(): boolean {
    void this.id
    return this.#replies.length > 0
  }
}

/** Not recognised by a prototype: noted when the command is sent. */
export const commandCursor: Resource = {
  kind: 'cursor',
  recognise: () => false,
  watch: () => [],
  judge,
  close: ({ target }) => kill(target as CommandCursor),
}

function judge(record: LiveRecord): Verdict | undefined {
  const target = record.target as CommandCursor
  const { id, command, namespace, waits, fix } = target
  if (record.closedBy === 'close' || id === 0n) return undefined
  const base = { namespace, operation: `db.command({ ${command} })`, fix, ...(waits ? { waits } : {}) }
  if (id === undefined) return { ...base, state: 'idle' }
  if (target.isAsked) return { ...base, state: 'busy', fix: FIX_BUSY }
  const notes = record.beforeSweep ? ['its client is closed, which kills no cursor that a command opened'] : []
  return { ...base, state: 'open', cursorId: String(id), notes }
}

function fixOf(db: object): string {
  const inside = field(db, 's')
  const owner = isObject(inside) && isObject(inside.db) ? inside.db : db
  const by = typeof field(owner, 'runCursorCommand') === 'function' ? 'db.runCursorCommand' : 'collection.find'
  return `use a cursor of the driver, as by \`${by}()\`; or send \`getMore\` until the id is 0, or \`killCursors\``
}

async function kill({ first, client, namespace }: CommandCursor): Promise<void> {
  const reply = await first
  const cursor = isObject(reply) ? reply.cursor : undefined
  if (isObject(cursor)) await killCursors(client, namespace, [cursor.id])
}

/** Follows what `command()` of databases and of their `admin()` opens, reads on and kills. */
export function watchCommands(proto: object, lookup: Lookup): Undo[] {
  return [
    wrapMethod(proto, 'command', (original) => {
      return function self(this: object, ...args: unknown[]) {
        const name = nameOf(args[0])
        if (name === undefined || state().ownCalls.getStore()) return original.apply(this, args)
        const call = watchCallback(args, idOnly)
        const limit = makeRoom()
        let result: unknown
        try {
          result = original.apply(this, call.args)
        } finally {
          giveBack(limit)
        }
        lookup.commanded(() => {
          const asked = { name, command: args[0] as Record<string, unknown>, answer: call.operation ?? result }
          follow(this, asked, lookup, self)
        })
        return result
      }
    }),
  ]
}

/** The command's name where it concerns cursors. It is the first key, to the server as well. */
function nameOf(command: unknown): string | undefined {
  if (!isObject(command)) return undefined
  for (const name in command) {
    return OPENING.has(name) || SWEEPING.has(name) || name === 'getMore' || name === 'killCursors' ? name : undefined
  }
  return undefined
}

interface Asked {
  name: string
  command: Record<string, unknown>
  answer: unknown
}

/** Looked at with each next command: what nobody has looked at holds its reply's documents. */
let unread: CommandCursor[] = []

function follow(from: object, { name, command, answer }: Asked, lookup: Lookup, self: AnyFunction): void {
  const { commands } = state()
  const reply = (): ReturnType<Reply> => cursorIdIn(answer)
  unread = unread.filter((one) => one.isUnread)
  if (OPENING.has(name)) {
    const target = new CommandCursor(
      clientOf(from),
      namespaceOf(from, name, command),
      name,
      isWaiting(command),
      fixOf(from),
      reply,
    )
    // Our wrapper stands where the driver's own method does for other cursors.
    lookup.add(commandCursor, target, [lookup.commanded as AnyFunction])
    const record = lookup.record(target)
    if (!record) return
    if (!state().app) target.first = answer as Promise<unknown>
    unread.push(target)
    commands.add(record)
    if (commands.size > MAX_FOLLOWED) makeRoomIn(commands)
    return
  }
  const ids = name === 'getMore' ? [command.getMore] : Array.isArray(command.cursors) ? command.cursors : []
  const wanted = new Set(ids.map(longToBigInt))
  for (const record of commands) {
    const target = record.target as CommandCursor
    if (target.id === 0n) commands.delete(record)
    else if (SWEEPING.has(name) || (name === 'killCursors' && wanted.has(target.id))) {
      commands.delete(record)
      lookup.ended(record, 'close')
    } else if (name === 'getMore' && wanted.has(target.id)) {
      target.follow(reply)
      record.uses++
      lookup.used(record, self)
    }
  }
}

/** First what is over goes, else the oldest, of which nothing is said any more. */
function makeRoomIn(commands: Set<LiveRecord>): void {
  for (const record of commands) if ((record.target as CommandCursor).id === 0n) commands.delete(record)
  const [oldest] = commands
  if (commands.size <= MAX_FOLLOWED || !oldest) return
  oldest.acquitted = true
  commands.delete(oldest)
}

/** Of an answer that comes by a callback: its cursor's id. */
function idOnly(reply: unknown): unknown {
  const cursor = isObject(reply) ? field(reply, 'cursor') : undefined
  return isObject(cursor) ? { cursor: { id: cursor.id } } : undefined
}

/** Drivers 6 and 7 have the client on a database, those before inside; `admin()` has the database inside. */
function clientOf(from: object): unknown {
  const inside = field(from, 's')
  const db = isObject(inside) ? field(inside, 'db') : undefined
  return (
    field(from, 'client') ??
    (isObject(inside) ? field(inside, 'client') : undefined) ??
    (isObject(db) ? clientOf(db) : undefined)
  )
}

function namespaceOf(from: object, name: string, command: Record<string, unknown>): string {
  const database = field(from, 'databaseName')
  const collection = command[name]
  return `${typeof database === 'string' ? database : 'admin'}.${typeof collection === 'string' ? collection : `$cmd.${name}`}`
}

/** Tailable, or a change stream: the server keeps it by its nature. */
function isWaiting({ tailable, pipeline }: Record<string, unknown>): boolean {
  const [stage] = Array.isArray(pipeline) ? pipeline : []
  return tailable === true || (isObject(stage) && '$changeStream' in stage)
}
