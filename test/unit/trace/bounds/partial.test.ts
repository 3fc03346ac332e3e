import { expect, test } from 'vitest'
import { liesOutside } from '../../../../src/trace/bounds/partial.ts'

const outside = (expression: unknown, ...filters: unknown[]): boolean => liesOutside({ expression }, filters)

test.each([
  [{ active: true }, { active: false }],
  [{ active: true }, { active: { $eq: false } }],
  [{ active: true }, { active: { $in: [false, null] } }],
  [{ active: true }, { active: 1 }],
  [{ active: true }, { $and: [{ name: 'a' }, { active: false }] }],
  [{ age: { $gt: 17 } }, { age: 17 }],
  [{ age: { $gte: 17 } }, { age: 16 }],
  [{ age: { $lt: 17 } }, { age: 17 }],
  [{ age: { $lte: 17 } }, { age: 18 }],
  [{ age: { $gt: 17 } }, { age: '18' }],
  [{ age: { $gt: 17 } }, { age: null }],
  [{ since: { $gt: new Date(5) } }, { since: new Date(5) }],
  [{ since: { $gt: new Date(5) } }, { since: 6 }],
  [{ email: { $exists: true } }, { email: null }],
  [{ email: { $exists: true } }, { email: undefined }],
  [{ email: { $type: 'string' } }, { email: 1 }],
  [{ kind: { $in: ['a', 'b'] } }, { kind: 'c' }],
  [{ $and: [{ a: 1 }, { b: 1 }] }, { b: 2 }],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { a: 2, b: 2 }],
])('%j lets nothing of %j in', (expression, filter) => expect(outside(expression, filter)).toBe(true))

test.each([
  [{ active: true }, { active: true }],
  [{ active: true }, {}],
  [{ active: true }, { active: { $in: [false, true] } }],
  [{ active: true }, { active: { $ne: true } }],
  [{ active: true }, { active: [false] }],
  [{ active: true }, { $or: [{ active: false }] }],
  [{ age: { $gt: 17 } }, { age: 18 }],
  [{ age: { $gt: 17, $lt: 20 } }, { age: 18 }],
  [{ age: { $gt: { _bsontype: 'Int32', value: 17 } } }, { age: 3 }],
  [{ since: { $gt: new Date(5) } }, { since: new Date(6) }],
  [{ email: { $exists: true } }, { email: 'a' }],
  [{ email: { $type: 'string' } }, { email: 'a' }],
  [{ email: { $type: 'objectId' } }, { email: 'a' }],
  [{ email: { $type: 2 } }, { email: 1 }],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { a: 2 }],
  [undefined, { a: 2 }],
])('%j may let something of %j in', (expression, filter) => expect(outside(expression, filter)).toBe(false))

test('a sparse index holds what has one of its fields', () => {
  expect(liesOutside({ sparse: ['a', 'b'] }, [{ a: null, b: { $in: [null] } }])).toBe(true)
  expect(liesOutside({ sparse: ['a', 'b'] }, [{ a: null, b: 1 }])).toBe(false)
  expect(liesOutside({ sparse: ['a'] }, [{}])).toBe(false)
})
