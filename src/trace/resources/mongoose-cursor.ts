import { closingOf, FINALLY } from '../advice.ts'
import { field, isObject } from '../fields.ts'
import { type AnyFunction, type Undo, wrapMethod } from '../patch.ts'
import { isPending } from '../pending.ts'
import { hasReader } from '../reading.ts'
import { hasAll, isFetching, readAhead } from './readable.ts'
import type { Lookup, Resource } from './resource.ts'

/**
 * mongoose's QueryCursor and AggregationCursor (6 to 9): streams that build the driver's cursor once their hooks have run.
 * Their iterator has no `return` and their `eachAsync` does not close on an error, so leaving either early leaks; on 6
 * and 7 `destroy()` does not close the driver's cursor either.
 */
export const mongooseCursor: Resource = {
  kind: 'cursor',
  recognise: (proto) =>
    Object.hasOwn(proto, 'eachAsync') && Object.hasOwn(proto, 'addCursorFlag') && Object.hasOwn(proto, '_markError'),
  watch,
  judge: (record) =>
    record.closedBy
      ? undefined
      : {
          state: 'idle',
          namespace: namespaceOf(record.target),
          operation: operationOf(record.target),
          fix: fixOf(record.target),
          starting: isPending(record.lastOperation) || hasReader(record.target),
        },
  close: async (record) => void (record.target as { destroy(): void }).destroy(),
  front: {
    inner: (target) => field(target, 'cursor'),
    operation: operationOf,
    fix: fixOf,
    unread: (target) => readAhead(target) + populated(target),
    readAll: (target) => hasAll(target) || field(target, '_batchExhausted') === true,
    isEnded: (target) => field(target, 'destroyed') === true && destroyCloses(target),
    isReading: isFetching,
    isStream: true,
  },
}

function fixOf(target: object): string {
  // Their `Symbol.asyncDispose` is Node's, which calls `destroy()`.
  const close = destroyCloses(target) ? closingOf(target) : FINALLY
  if (wasIterated(target))
    return `leaving \`for await\` early does not close a mongoose cursor, so keep it in a variable: ${close}`
  if (field(target, 'destroyed') !== true || destroyCloses(target)) return close
  return `\`destroy()\` closes nothing in this version of mongoose: ${close}`
}

function watch(proto: object, lookup: Lookup): Undo[] {
  const reading = (isLoop: boolean) => (original: AnyFunction) =>
    function (this: object, ...args: unknown[]) {
      const result = original.apply(this, args)
      const record = lookup.record(this)
      if (record) {
        record.lastOperation = result
        record.loops = isLoop || wasIterated(this)
      }
      return result
    }
  return [
    wrapMethod(proto, 'next', reading(false)),
    wrapMethod(proto, 'eachAsync', reading(true)),
    wrapMethod(proto, 'close', (original) => {
      return function (this: object, ...args: unknown[]) {
        const record = lookup.record(this)
        if (record) record.closedBy = 'close'
        return original.apply(this, args)
      }
    }),
  ]
}

function operationOf(target: object): string {
  return field(target, 'agg') === undefined ? 'QueryCursor' : 'AggregationCursor'
}

/** From 8 on the classes have a `_destroy` of their own, which closes the driver's cursor. */
const destroyCloses = (target: object): boolean => Object.hasOwn(Object.getPrototypeOf(target) as object, '_destroy')

/** What mongoose fetched to populate it in one go and has not handed out yet. */
function populated(target: object): number {
  const batch = field(target, '_batchDocs')
  return Array.isArray(batch) ? batch.length : 0
}

function wasIterated(target: object): boolean {
  const options = field(target, '_mongooseOptions')
  return isObject(options) && (options._asyncIterator === true || options.transformNull !== undefined)
}

function namespaceOf(target: object): string {
  const agg = field(target, 'agg')
  const model = field(target, 'model') ?? (isObject(agg) ? agg._model : undefined)
  const collection = model === undefined || model === null ? undefined : field(model as object, 'collection')
  if (!isObject(collection)) return ''
  const connection = isObject(collection.conn) ? String(collection.conn.name) : ''
  return `${connection}.${String(collection.name)}`
}
