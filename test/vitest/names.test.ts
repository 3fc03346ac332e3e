import { createRequire } from 'node:module'
import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { NAMED, NAMES, namesOf } from '../support/names.ts'

const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

// With `vmThreads` the stack is formatted by what another context has set.
test.each(['forks', 'threads', 'vmThreads'])("the names of the user's functions in the pool %s", async (pool) => {
  const env = { MONGODB_URI: inject('mongoUri'), NAMES_POOL: pool }
  expect(await namesOf([VITEST, 'run', 'vitest/names'], NAMES, env)).toEqual(NAMED)
})
