import { isDeepStrictEqual } from 'node:util'
import { guard } from '../say.ts'
import { field } from './fields.ts'
import type { LiveRecord } from './record.ts'

/**
 * Whether two objects of the driver read the same: one collection (or database), by one pipeline or filter. What is kept by
 * a key (`feeds.get(name) ?? open(name)`) mostly has the key there.
 */
export const readTheSame = (one: LiveRecord, other: LiveRecord): boolean =>
  one.kind === other.kind &&
  // What can't be compared counts as the same.
  guard('comparing what is read', () => isDeepStrictEqual(whatOf(one.target), whatOf(other.target))) !== false

/** Not its options: a session or a resume token differs each time. */
const whatOf = (target: object): unknown[] => [
  String(field(target, 'namespace') ?? ''),
  field(target, 'pipeline'),
  field(target, 'cursorFilter', 'filter'),
]
