import { BSONRegExp, ObjectId } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { filterBound } from '../../../../src/trace/bounds/filter.ts'

const atMost = (filter: unknown) => filterBound(filter).atMost

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
  const { fixed } = filterBound({ email: 'a', shop: { $in: [1, 2] }, age: { $gt: 3 }, $and: [{ no: 4 }] })
  expect([...fixed]).toEqual([
    ['email', 1],
    ['shop', 2],
    ['no', 1],
  ])
})

test('an array is also an element of another array: two keys of an index', () => {
  const { fixed } = filterBound({ tags: ['a', 'b'], sizes: { $eq: [1] }, colours: { $in: [['red'], 'blue'] } })
  expect([...fixed]).toEqual([
    ['tags', 2],
    ['sizes', 2],
    ['colours', 3],
  ])
})
