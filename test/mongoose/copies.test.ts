import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { failures } from './copies.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/copies', import.meta.url))
const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

test('two copies of the driver in one process are both seen, without any setting', async () => {
  expect(await failures(FOLDER, VITEST, inject('mongoUri'))).toEqual({
    'both leak': [
      'FindCursor on cursorleak_copies.pets at copies.test.mjs:29:14',
      'QueryCursor on cursorleak_copies.pets at copies.test.mjs:30:20',
    ],
    'mongoose leaks through its own copy': ['FindCursor on cursorleak_copies.pets at copies.test.mjs:34:24'],
  })
})
