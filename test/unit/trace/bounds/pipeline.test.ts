import { Int32, Long } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { pipelineBound } from '../../../../src/trace/bounds/pipeline.ts'

describe('at most', () => {
  test.each<[string, object[], number | undefined]>([
    ['nothing', [], undefined],
    ['$match on a field', [{ $match: { status: 'open' } }], undefined],
    ['$limit', [{ $limit: 5 }], 5],
    ['$limit as Int32', [{ $limit: new Int32(5) }], 5],
    ['$limit as Long', [{ $limit: Long.fromNumber(5) }], 5],
    ['$limit then $lookup', [{ $limit: 5 }, { $lookup: { from: 'x', as: 'x' } }], 5],
    ['$limit then $unwind', [{ $limit: 5 }, { $unwind: '$lines' }], undefined],
    ['$unwind then $limit', [{ $unwind: '$lines' }, { $limit: 5 }], 5],
    ['$limit then $unionWith', [{ $limit: 5 }, { $unionWith: 'x' }], undefined],
    ['the smaller of two', [{ $limit: 50 }, { $limit: 5 }], 5],
    ['$sample', [{ $sample: { size: 7 } }], 7],
    ['$count', [{ $count: 'n' }], 1],
    ['$group by null', [{ $group: { _id: null, n: { $sum: 1 } } }], 1],
    ['$group by a constant object', [{ $group: { _id: { a: 1, b: 'x' } } }], 1],
    ['$group by a field', [{ $group: { _id: '$status' } }], undefined],
    ['$group by an object of fields', [{ $group: { _id: { s: '$status' } } }], undefined],
    ['$group by an operator', [{ $group: { _id: { $rand: {} } } }], undefined],
    ['$facet', [{ $facet: { a: [{ $match: {} }] } }], 1],
    ['$collStats', [{ $collStats: {} }], 1],
    ['leading $match by _id', [{ $match: { _id: 1 } }, { $lookup: {} }], 1],
    ['$match by _id behind a $project', [{ $project: { _id: '$x' } }, { $match: { _id: 1 } }], undefined],
    ['$match by _id then $unwind', [{ $match: { _id: 1 } }, { $unwind: '$x' }], undefined],
    ['an unknown stage behind a bound', [{ $limit: 5 }, { $brandNew: {} }], 5],
    ['$graphLookup', [{ $limit: 5 }, { $graphLookup: { from: 'x' } }], 5],
    ['$documents', [{ $documents: [{ a: 1 }, { a: 2 }] }], 2],
    ['$out', [{ $out: 'x' }], 0],
  ])('%s', (_, pipeline, expected) => {
    expect(pipelineBound(pipeline).atMost).toBe(expected)
  })
})

test('fields that a leading $match fixes are dropped by a stage that adds documents', () => {
  expect([...pipelineBound([{ $match: { email: 'a' } }, { $sort: { a: 1 } }]).fixed.keys()]).toEqual(['email'])
  expect([...pipelineBound([{ $match: { email: 'a' } }, { $unwind: '$x' }]).fixed.keys()]).toEqual([])
})
