import { Decimal128, Double, Int32, Long } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { pipelineBound } from '../../../../src/trace/bounds/pipeline.ts'

const fusion = (...pipelines: object[][]) => ({ input: { pipelines: { ...pipelines } } })

describe('at most', () => {
  test.each<[string, object[], number | undefined]>([
    ['nothing', [], undefined],
    ['$match on a field', [{ $match: { status: 'open' } }], undefined],
    ['$limit', [{ $limit: 5 }], 5],
    ['$limit as Int32', [{ $limit: new Int32(5) }], 5],
    ['$limit as Long', [{ $limit: Long.fromNumber(5) }], 5],
    ['$limit as Double', [{ $limit: new Double(5) }], 5],
    ['$limit as Decimal128', [{ $limit: Decimal128.fromString('5') }], 5],
    ['$limit as a bigint', [{ $limit: 5n }], 5],
    ['$limit as text, which the server refuses', [{ $limit: '5' }], undefined],
    ['$limit then $skip', [{ $limit: 5 }, { $skip: new Int32(2) }], 3],
    ['$limit then a $skip of more', [{ $limit: 5 }, { $skip: 9 }], 0],
    ['$skip', [{ $skip: 9 }], undefined],
    ['$limit then $fill', [{ $limit: 5 }, { $fill: { output: { n: { value: 0 } } } }], 5],
    ['$limit then $densify', [{ $limit: 5 }, { $densify: { field: 'n' } }], undefined],
    ['$limit then $changeStreamSplitLargeEvent', [{ $limit: 5 }, { $changeStreamSplitLargeEvent: {} }], undefined],
    ['$limit then $lookup', [{ $limit: 5 }, { $lookup: { from: 'x', as: 'x' } }], 5],
    ['$limit then $unwind', [{ $limit: 5 }, { $unwind: '$lines' }], undefined],
    ['$unwind then $limit', [{ $unwind: '$lines' }, { $limit: 5 }], 5],
    ['$limit then $unionWith', [{ $limit: 5 }, { $unionWith: 'x' }], undefined],
    [
      '$limit then $unionWith a bounded one',
      [{ $limit: 5 }, { $unionWith: { coll: 'x', pipeline: [{ $limit: 2 }] } }],
      7,
    ],
    [
      '$limit then $unionWith by _id',
      [{ $limit: 5 }, { $unionWith: { coll: 'x', pipeline: [{ $match: { _id: 1 } }] } }],
      6,
    ],
    ['$limit then $unionWith all', [{ $limit: 5 }, { $unionWith: { coll: 'x' } }], undefined],
    ['all, then $unionWith a bounded one', [{ $unionWith: { coll: 'x', pipeline: [{ $limit: 2 }] } }], undefined],
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
    ['$vectorSearch', [{ $vectorSearch: { limit: 5 } }], 5],
    ['$vectorSearch with a Long', [{ $vectorSearch: { limit: Long.fromNumber(5) } }], 5],
    ['$vectorSearch then $unwind', [{ $vectorSearch: { limit: 5 } }, { $unwind: '$x' }], undefined],
    ['$search', [{ $search: {} }], undefined],
    ['$search then $limit', [{ $search: {} }, { $limit: 5 }], 5],
    ['$search then $match by _id', [{ $search: {} }, { $match: { _id: 1 } }], 1],
    ['$searchMeta', [{ $searchMeta: {} }], 1],
    ['$rankFusion', [{ $rankFusion: fusion([{ $vectorSearch: { limit: 5 } }], [{ $search: {} }, { $limit: 2 }]) }], 7],
    [
      '$rankFusion with one pipeline unbounded',
      [{ $rankFusion: fusion([{ $limit: 5 }], [{ $search: {} }]) }],
      undefined,
    ],
    ['$scoreFusion', [{ $scoreFusion: fusion([{ $vectorSearch: { limit: 5 } }]) }], 5],
    ['$scoreFusion then $limit', [{ $scoreFusion: fusion([{ $search: {} }]) }, { $limit: 3 }], 3],
    ['$bucket', [{ $bucket: { groupBy: '$n', boundaries: [0, 5, 9] } }], 3],
    ['$sortByCount', [{ $sortByCount: '$n' }], undefined],
    ['$currentOp', [{ $currentOp: {} }], undefined],
    ['$merge', [{ $merge: 'x' }], 0],
    ['an unknown first stage', [{ $brandNew: { limit: 5 } }], 1],
    ['an unknown first stage then $unwind', [{ $brandNew: {} }, { $unwind: '$x' }], undefined],
    ['$sort, then $match by _id', [{ $sort: { n: 1 } }, { $match: { _id: 1 } }], 1],
    ['$geoNear, then $match by _id', [{ $geoNear: { distanceField: '_id' } }, { $match: { _id: 1 } }], undefined],
    ['leading $match by _id', [{ $match: { _id: 1 } }, { $lookup: {} }], 1],
    ['$match by _id behind a $project', [{ $project: { _id: '$x' } }, { $match: { _id: 1 } }], undefined],
    ['$match by _id then $unwind', [{ $match: { _id: 1 } }, { $unwind: '$x' }], undefined],
    ['an unknown stage behind a bound', [{ $limit: 5 }, { $brandNew: {} }], 5],
    ['$graphLookup', [{ $limit: 5 }, { $graphLookup: { from: 'x' } }], 5],
    ['$documents', [{ $documents: [{ a: 1 }, { a: 2 }] }], 2],
    ['$documents by an expression of the code', [{ $documents: '$$orders' }], 1],
    ['$out', [{ $out: 'x' }], 0],
  ])('%s', (_, pipeline, expected) => {
    expect(pipelineBound(pipeline).atMost).toBe(expected)
  })
})

const fields = (pipeline: unknown[]) => pipelineBound(pipeline).ways.map((way) => [...way.keys()])

test('fields that a leading $match fixes are dropped by a stage that adds documents', () => {
  expect(fields([{ $match: { email: 'a' } }, { $sort: { a: 1 } }])).toEqual([['email']])
  expect(fields([{ $match: { email: 'a' } }, { $unwind: '$x' }])).toEqual([[]])
})

describe('a $match behind a stage that keeps the field it is about', () => {
  test.each<[string, object, unknown[][]]>([
    ['$lookup', { $lookup: { from: 'x', as: 'z' } }, [['email']]],
    ['$lookup into that field', { $lookup: { from: 'x', as: 'email' } }, [[]]],
    ['$lookup into a part of it', { $lookup: { from: 'x', as: 'email.x' } }, [[]]],
    ['$graphLookup', { $graphLookup: { from: 'x', as: 'z' } }, [['email']]],
    ['$set', { $set: { z: 1 } }, [['email']]],
    ['$set of that field', { $set: { 'email.host': 1 } }, [[]]],
    ['$addFields', { $addFields: { z: 1 } }, [['email']]],
    ['$unset', { $unset: ['z', 'y.x'] }, [['email']]],
    ['$unset of that field', { $unset: 'email' }, [[]]],
    ['$setWindowFields', { $setWindowFields: { output: { z: {} } } }, [['email']]],
    ['$fill of that field', { $fill: { output: { email: { value: 1 } } } }, [[]]],
    ['$geoNear', { $geoNear: { distanceField: 'far' } }, [['email']]],
    ['$project that takes it', { $project: { email: 1 } }, [['email']]],
    ['$project that takes others', { $project: { name: 1 } }, [[]]],
    ['$project that leaves others out', { $project: { name: 0, _id: 0 } }, [['email']]],
    ['$project that leaves it out', { $project: { email: false } }, [[]]],
    ['$project of _id alone', { $project: { _id: 0 } }, [['email']]],
    ['$project that makes it anew', { $project: { email: '$name' } }, [[]]],
    ['$redact', { $redact: '$$KEEP' }, [[]]],
    ['$replaceRoot', { $replaceRoot: { newRoot: '$x' } }, [[]]],
    ['$group', { $group: { _id: '$email' } }, [[]]],
    ['$unwind', { $unwind: '$x' }, [[]]],
  ])('%s', (_, stage, expected) => {
    expect(fields([stage, { $match: { email: 'a' } }])).toEqual(expected)
  })

  test('_id stays in a $project that does not name it', () => {
    expect(pipelineBound([{ $project: { name: 1 } }, { $match: { _id: 1 } }]).atMost).toBe(1)
    expect(pipelineBound([{ $project: { name: 1, _id: 0 } }, { $match: { _id: 1 } }]).atMost).toBe(undefined)
  })

  test('a change stays, whatever comes after it', () => {
    expect(fields([{ $set: { email: 1 } }, { $lookup: { as: 'z' } }, { $match: { email: 'a' } }])).toEqual([[]])
  })
})
