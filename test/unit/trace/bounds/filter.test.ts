import { BSONRegExp, ObjectId } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { filterBound } from '../../../../src/trace/bounds/filter.ts'

const atMost = (filter: unknown) => filterBound(filter).atMost
const ways = (filter: unknown, reading?: Parameters<typeof filterBound>[1]) =>
  filterBound(filter, reading).ways.map((way) => Object.fromEntries(way))

describe('at most', () => {
  test.each<[string, unknown, number | undefined]>([
    ['nothing', {}, undefined],
    ['another field', { status: 'open' }, undefined],
    ['_id', { _id: 1 }, 1],
    ['_id null', { _id: null }, 1],
    ['_id an ObjectId', { _id: new ObjectId() }, 1],
    ['_id a compound value', { _id: { shop: 1, no: 2 } }, 1],
    ['_id $eq', { _id: { $eq: 1 } }, 1],
    ['_id $in', { _id: { $in: [1, 2, 3] } }, 3],
    ['_id $in and $ne', { _id: { $in: [1, 2], $ne: 2 } }, 2],
    ['_id $in with an expression', { _id: { $in: [1, /a/] } }, undefined],
    ['_id an expression', { _id: /^a/ }, undefined],
    ['_id a BSON expression', { _id: new BSONRegExp('^a') }, undefined],
    ['_id $gt', { _id: { $gt: 1 } }, undefined],
    ['_id in $and', { $and: [{ status: 'open' }, { _id: 1 }] }, 1],
    ['_id in every branch of $or', { $or: [{ _id: 1 }, { _id: { $in: [2, 3] } }] }, 3],
    ['_id in one branch of $or', { $or: [{ _id: 1 }, { status: 'open' }] }, undefined],
    ['_id in $nor', { $nor: [{ _id: 1 }] }, undefined],
    ['no filter', undefined, undefined],
  ])('%s', (_, filter, expected) => {
    expect(atMost(filter)).toBe(expected)
  })
})

test('the fields that are fixed to one value or a few', () => {
  expect(ways({ email: 'a', shop: { $in: [1, 2] }, age: { $gt: 3 }, $and: [{ no: 4 }] })).toEqual([
    { email: 1, shop: 2, no: 1 },
  ])
})

test('an array is also an element of another array: two keys of an index', () => {
  expect(ways({ tags: ['a', 'b'], sizes: { $eq: [1] }, colours: { $in: [['red'], 'blue'] } })).toEqual([
    { tags: 2, sizes: 2, colours: 3 },
  ])
})

describe('each branch of $or is a way to match', () => {
  test.each<[string, unknown, unknown[]]>([
    ['two keys', { $or: [{ email: 'a' }, { name: { $in: ['b', 'c'] } }] }, [{ email: 1 }, { name: 2 }]],
    [
      'beside a field',
      { shop: 1, $or: [{ no: 1 }, { name: 'b' }] },
      [
        { shop: 1, no: 1 },
        { shop: 1, name: 1 },
      ],
    ],
    ['one that fixes nothing', { $or: [{ email: 'a' }, { age: { $gt: 3 } }] }, [{ email: 1 }, {}]],
    ['none', { $or: [] }, [{}]],
    [
      'two of them',
      { $and: [{ $or: [{ a: 1 }, { b: 1 }] }, { $or: [{ c: 1 }, { d: 1 }] }] },
      [
        { a: 1, c: 1 },
        { a: 1, d: 1 },
        { b: 1, c: 1 },
        { b: 1, d: 1 },
      ],
    ],
  ])('%s', (_, filter, expected) => {
    expect(ways(filter)).toEqual(expected)
  })

  test('too many to be bounded are one', () => {
    const keys = Array.from({ length: 12 }, (_, n) => ({ [`k${n}`]: 1 }))
    expect(ways({ $and: [{ a: 1, $or: keys }, { $or: keys }] })).toHaveLength(12)
  })
})

describe('an $expr', () => {
  test.each<[string, unknown, Record<string, number>]>([
    ['$eq', { $eq: ['$_id', 1] }, { _id: 1 }],
    ['$eq the other way', { $eq: [{ $toObjectId: '64b0c0ffee64b0c0ffee64b0' }, '$_id'] }, { _id: 1 }],
    ['$in', { $in: ['$_id', [1, 2, 3]] }, { _id: 3 }],
    ['$in of a literal', { $in: ['$sku', { $literal: ['$a', '$b'] }] }, { sku: 2 }],
    ['$and', { $and: [{ $eq: ['$a', 'x'] }, { $eq: ['$b', '$$key'] }] }, { a: 1, b: 1 }],
    ['two fields', { $eq: ['$a', '$b'] }, {}],
    ['a field of the whole document', { $eq: ['$a', '$$ROOT.b'] }, {}],
    ['a list with a field', { $in: ['$a', ['$b', 1]] }, {}],
    ['a list in a field', { $in: [1, '$tags'] }, {}],
    ['chance', { $eq: ['$a', { $rand: {} }] }, {}],
    ['a field read by an operator', { $eq: ['$a', { $getField: 'b' }] }, {}],
    ['$or', { $or: [{ $eq: ['$a', 1] }] }, {}],
    ['nothing of it', null, {}],
  ])('%s', (_, $expr, expected) => {
    expect(ways({ $expr })).toEqual([expected])
  })
})

test('an undefined value is sent as null, or not at all', () => {
  const given = { email: undefined, shop: 1 }
  expect(ways(given)).toEqual([{ email: 1, shop: 1 }])
  expect(ways(given, { isOwn: () => true, ignoreUndefined: true })).toEqual([{ shop: 1 }])
  expect(filterBound({ _id: undefined }, { isOwn: () => true, ignoreUndefined: true }).atMost).toBe(undefined)
})
