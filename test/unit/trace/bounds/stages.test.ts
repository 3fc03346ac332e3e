import { expect, test } from 'vitest'
import { STAGES } from '../../../../src/trace/bounds/stages.ts'

// The list of https://www.mongodb.com/docs/v8.3/reference/mql/aggregation-stages/
const MANUAL = `addFields bucket bucketAuto changeStream changeStreamSplitLargeEvent collStats count currentOp densify
  documents facet fill geoNear graphLookup group indexStats limit listClusterCatalog listLocalSessions listSampledQueries
  listSearchIndexes listSessions lookup match merge out planCacheStats project querySettings queryStats rankFusion redact
  replaceRoot replaceWith sample score scoreFusion search searchMeta set setWindowFields shardedDataDistribution skip sort
  sortByCount unionWith unset unwind vectorSearch`

test("every stage of the manual's list has its row, and no other", () => {
  expect([...STAGES.keys()].sort()).toEqual(MANUAL.split(/\s+/).map((name) => `$${name}`))
})

test('every row has its source', () => {
  for (const [name, { source }] of STAGES) {
    const [page, says] = source
    expect(page).toMatch(/^https:\/\/www\.mongodb\.com\/docs\/[\w/-]+\/$/)
    expect([name, says.length > 5]).toEqual([name, true])
  }
})
