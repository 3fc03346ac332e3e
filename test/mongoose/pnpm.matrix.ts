import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { installed, pnpmProject } from '../support/pnpm.ts'
import { MONGODB, MONGOOSE, OTHER_DRIVER } from '../versions.ts'
import { failures } from './copies.ts'

const FIXTURE = fileURLToPath(new URL('../../fixtures/copies', import.meta.url))

test.each([
  [MONGOOSE['6.13'], MONGODB['5.9']],
  [MONGOOSE['9.12'], OTHER_DRIVER],
])('pnpm with mongoose %s and driver %s: both copies are seen, without any setting', async (mongoose, mongodb) => {
  const folder = await pnpmProject({ mongoose, mongodb, vitest: await installed('vitest') }, FIXTURE, mongoose)
  // The layout is pnpm's: mongoose's copy of the driver can't be resolved from the project.
  expect(existsSync(path.join(folder, 'node_modules', '.pnpm'))).toBe(true)
  expect(await failures(folder, path.join(folder, 'node_modules/vitest/vitest.mjs'), inject('mongoUri'))).toEqual({
    'both leak': [
      'FindCursor on cursorleak_copies.pets at copies.test.mjs:29:14',
      'QueryCursor on cursorleak_copies.pets at copies.test.mjs:30:20',
    ],
    'mongoose leaks through its own copy': ['FindCursor on cursorleak_copies.pets at copies.test.mjs:34:24'],
  })
})
