import * as v7 from 'mongodb'
import * as v4 from 'mongodb4'
import * as v5 from 'mongodb5'
import * as v6 from 'mongodb6'
import { afterAll, describe, expect, test } from 'vitest'
import { boundOf } from '../../../../src/trace/bounds/bound.ts'

// Cursors of the real drivers, which need no server until they are read: what the stand-in server can't run is judged here.
describe.each([
  ['4', v4],
  ['5', v5],
  ['6', v6],
  ['7', v7],
] as const)('driver %s', (_, driver) => {
  const mongodb = driver as unknown as typeof v7
  const client = new mongodb.MongoClient('mongodb://localhost:1')
  afterAll(() => client.close())
  const rows = client.db('shop').collection('rows')
  const vector = { index: 'v', path: 'v', queryVector: [1], numCandidates: 50 }
  const { Int32, Double, Long } = mongodb

  test.each<[string, () => v7.AggregationCursor, string]>([
    ['$vectorSearch', () => rows.aggregate([{ $vectorSearch: { ...vector, limit: 5 } }]), 'bounded'],
    ['$vectorSearch over a batch', () => rows.aggregate([{ $vectorSearch: { ...vector, limit: 500 } }]), 'unbounded'],
    [
      '$vectorSearch over the batch size',
      () => rows.aggregate([{ $vectorSearch: { ...vector, limit: 5 } }], { batchSize: 2 }),
      'unbounded',
    ],
    ['$searchMeta', () => rows.aggregate([{ $searchMeta: { count: { type: 'total' } } }]), 'bounded'],
    ['$search', () => rows.aggregate([{ $search: { text: { query: 'x', path: 'y' } } }]), 'unbounded'],
    ['$limit as Int32', () => rows.aggregate([{ $limit: new Int32(2) }]), 'bounded'],
    ['$limit as Double', () => rows.aggregate([{ $limit: new Double(2) }]), 'bounded'],
    [
      'batchSize as Long',
      () => rows.aggregate([{ $limit: 5 }], { batchSize: Long.fromNumber(2) as never }),
      'unbounded',
    ],
    [
      'cursor.batchSize as Int32',
      () => rows.aggregate([{ $limit: 5 }], { cursor: { batchSize: new Int32(9) } } as never),
      'bounded',
    ],
  ])('aggregate, %s', (_title, build, kind) => {
    expect(boundOf(build()).kind).toBe(kind)
  })

  // The driver sends neither: the find is what it would be without.
  test.each([
    ['limit as Int32', { limit: new Int32(2) }, 'unbounded'],
    ['limit as Long', { limit: Long.fromNumber(2) }, 'unbounded'],
    ['batchSize as Double', { limit: 5, batchSize: new Double(2) }, 'bounded'],
    ['limit', { limit: 2 }, 'bounded'],
  ])('find, %s', (_title, options, kind) => {
    expect(boundOf(rows.find({}, options as never)).kind).toBe(kind)
  })
})
