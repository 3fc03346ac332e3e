/**
 * Reading a driver object's internals. Drivers 6 and 7 keep them in plain properties, 4 and 5 under symbols of which
 * only the description is known. What can't be read is `undefined`, and every caller takes the silent side then.
 */
export function field(target: object, name: string, symbolDescription: string = name): unknown {
  try {
    if (name in target) return (target as Record<string, unknown>)[name]
    for (const key of Object.getOwnPropertySymbols(target)) {
      if (key.description === symbolDescription) return (target as Record<symbol, unknown>)[key]
    }
  } catch {
    // A getter of the driver that throws (a client without a topology) is a field that can't be read.
  }
  return undefined
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** An object that is only a container of keys: not a date, an ObjectId, a regular expression or an array. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || Array.isArray(value)) return false
  const proto: unknown = Object.getPrototypeOf(value)
  // By shape, not identity: another vm context has an Object of its own.
  return proto === null || Object.getPrototypeOf(proto) === null
}

/** A 64-bit id as the driver holds it: a `Long`, a number or a bigint. `0n` for zero, undefined when there is none. */
export function longToBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return BigInt(value)
  if (!isObject(value)) return undefined
  const { low, high } = value as { low?: unknown; high?: unknown }
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  return BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0))
}
