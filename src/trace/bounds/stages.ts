import { isPlain } from '../fields.ts'
import { countOf, smaller } from './count.ts'

/**
 * What a stage makes of the documents that reach it: `same` passes them as they are, or fewer of them, so that a later
 * `$match` still says something of the collection; `changed` gives other ones, never more; `more` may give more.
 */
type Makes = 'same' | 'changed' | 'more'

export interface Stage {
  makes: Makes
  /** The page that says so, and what it says in a few words. */
  source: readonly [page: string, says: string]
  /** The most documents behind the stage. Without it: as many as before it, and no bound behind a stage of `more`. */
  atMost?(argument: unknown, before: number | undefined, inner: Inner): number | undefined
}

/** The bound of a pipeline inside a stage's argument. */
export type Inner = (pipeline: unknown) => number | undefined

const MANUAL = 'https://www.mongodb.com/docs/manual/reference/operator/aggregation'

/** As good as bounded: how many there are is a matter of the code or the set-up, not of the data. */
export const FEW = 1

type Row = [makes: Makes, says: string, atMost?: Stage['atMost'], page?: string]

const constant =
  (most: number): Stage['atMost'] =>
  () =>
    most

/** A bound that stands in the stage's argument. */
const written =
  (read: (argument: unknown) => unknown): Stage['atMost'] =>
  (argument, before) =>
    smaller(before, countOf(read(argument)))

const option = (name: string) => (argument: unknown) => (isPlain(argument) ? argument[name] : undefined)

const length = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined)

/** Each document that one of the input pipelines gives comes out once. */
const fusion: Stage['atMost'] = (argument, _, inner) => {
  const pipelines = option('pipelines')(option('input')(argument))
  return isPlain(pipelines) ? Object.values(pipelines).reduce<number | undefined>(sum(inner), 0) : undefined
}

const sum = (inner: Inner) => (total: number | undefined, pipeline: unknown) => {
  const most = inner(pipeline)
  return total === undefined || most === undefined ? undefined : total + most
}

/**
 * Every stage of the manual's list, as of server 8.3. What is not in it is newer than this table: it keeps the bound
 * it finds, and counts as bounded where it finds none, since nobody here can tell.
 */
const ROWS: Record<string, Row> = {
  $addFields: ['changed', 'adds fields to each document'],
  $bucket: [
    'changed',
    'one document a bucket: one less than the boundaries, and the default one',
    written((argument) => length(option('boundaries')(argument))),
  ],
  $bucketAuto: ['changed', 'at most `buckets` documents', written(option('buckets'))],
  $changeStream: ['changed', 'an endless stream of events'],
  $changeStreamSplitLargeEvent: ['more', 'splits an event into fragments'],
  $collStats: ['changed', 'one document a collection, or a shard of it', constant(FEW)],
  $count: ['changed', 'one document', constant(1)],
  $currentOp: ['changed', 'one document an operation or a connection'],
  $densify: ['more', 'makes documents for the values that are missing in a sequence'],
  $documents: [
    'changed',
    'the documents that the expression in the code gives; it can read no collection',
    (argument) => length(argument) ?? FEW,
  ],
  $facet: ['changed', 'one document, with an array a facet', constant(1)],
  $fill: ['changed', 'sets fields that are null or missing in the documents that are there'],
  $geoNear: ['changed', 'all documents in reach, each with its distance; its own `limit` went with 4.2'],
  $graphLookup: ['changed', 'adds an array to each document'],
  $group: [
    'changed',
    'one document a value of `_id`: a single one where that is constant',
    (argument, before) => (isPlain(argument) && isConstant(argument._id) ? 1 : before),
  ],
  $indexStats: ['changed', 'one document an index, of which a collection has 64 at most', constant(FEW)],
  $limit: ['same', 'the first documents, as many as it says', written((argument) => argument)],
  $listClusterCatalog: ['changed', 'one document a collection'],
  $listLocalSessions: ['changed', 'one document a session'],
  $listSampledQueries: ['changed', 'one document a sampled query'],
  $listSearchIndexes: ['changed', 'one document a search index', constant(FEW)],
  $listSessions: ['changed', 'one document a session'],
  $lookup: ['changed', 'adds an array to each document'],
  $match: ['same', 'the documents that match'],
  $merge: ['changed', 'writes its input and gives nothing', constant(0)],
  $out: ['changed', 'writes its input and gives nothing', constant(0)],
  $planCacheStats: ['changed', "one document a cached plan, as many as the code's queries have", constant(FEW)],
  $project: ['changed', 'reshapes each document'],
  $querySettings: ['changed', 'one document a query shape with settings'],
  $queryStats: ['changed', 'one document a query shape'],
  $rankFusion: ['same', 'what its input pipelines give, each document once', fusion],
  $redact: ['changed', 'keeps, prunes or drops each document'],
  $replaceRoot: ['changed', 'one document for each'],
  $replaceWith: ['changed', 'one document for each'],
  $sample: ['same', '`size` documents by chance', written(option('size'))],
  $score: ['same', 'the same documents with a score beside them'],
  $scoreFusion: ['same', 'what its input pipelines give, each document once', fusion],
  $search: ['same', 'all documents that match the search'],
  $searchMeta: ['changed', 'one document about the search', constant(1)],
  $set: ['changed', 'adds fields to each document'],
  $setWindowFields: ['changed', 'adds fields to each document'],
  $shardedDataDistribution: ['changed', 'one document a sharded collection'],
  $skip: [
    'same',
    'drops the first documents, as many as it says',
    (argument, before) => (before === undefined ? before : Math.max(0, before - (countOf(argument) ?? 0))),
  ],
  $sort: ['same', 'puts the documents in order'],
  $sortByCount: ['changed', 'one document a value'],
  $unionWith: [
    'more',
    'behind its input all that the other pipeline gives',
    (argument, before, inner) => [before, inner(option('pipeline')(argument))].reduce(add),
  ],
  $unset: ['changed', 'removes fields from each document'],
  $unwind: ['more', 'one document an element'],
  $vectorSearch: [
    'same',
    'the nearest documents, `limit` of them',
    written(option('limit')),
    'https://www.mongodb.com/docs/vector-search/query/aggregation-stages/vector-search-stage/',
  ],
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b
}

/** An expression that refers to no field and no variable gives one group. */
function isConstant(expression: unknown): boolean {
  if (typeof expression === 'string') return !expression.startsWith('$')
  if (Array.isArray(expression)) return expression.every(isConstant)
  if (isPlain(expression)) return Object.entries(expression).every(([k, v]) => !k.startsWith('$') && isConstant(v))
  return true
}

export const STAGES: ReadonlyMap<string, Stage> = new Map(
  Object.entries(ROWS).map(([name, [makes, says, atMost, page = `${MANUAL}/${name.slice(1)}/`]]) => [
    name,
    { makes, source: [page, says], ...(atMost ? { atMost } : {}) },
  ]),
)
