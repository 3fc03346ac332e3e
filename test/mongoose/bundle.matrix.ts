import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { beforeAll, expect, inject, test } from 'vitest'
import { bundleProject } from './bundle.ts'
import { failures } from './copies.ts'

const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
let folder: string
beforeAll(async () => {
  folder = await bundleProject()
})
const run = (bundle: string) => failures(folder, VITEST, inject('mongoUri'), { BUNDLE: bundle })

test('a minified bundle with a source map: the lines of its source', async () => {
  expect(await run('../dist/linked.js')).toEqual({
    'the driver leaks': ['FindCursor on cursorleak_bundle.pets at anyPet (src/app.ts:22:27)'],
    'mongoose leaks': ['QueryCursor on cursorleak_bundle.pets at anyPetOfModel (src/app.ts:26:36)'],
  })
})

test('without a map: the place in the bundle where the application opens the cursor', async () => {
  const { 'the driver leaks': [driver] = [], 'mongoose leaks': [mongoose] = [] } = await run('../dist/plain.js')
  const place = /^(\w+) on cursorleak_bundle\.pets at (\w+) \(dist\/plain\.js:(\d+):(\d+)\)$/
  const lines = (await readFile(path.join(folder, 'dist', 'plain.js'), 'utf8')).split('\n')
  const found = [driver, mongoose].map((text) => {
    const [, kind, method, line, column] = place.exec(text ?? '') ?? []
    const after = (lines[Number(line) - 1] ?? '').slice(Number(column) - 1)
    return [kind, method, /^(\w*\()/.exec(after)?.[1]]
  })
  expect(found).toEqual([
    ['FindCursor', 'anyPet', 'find('],
    ['QueryCursor', 'anyPetOfModel', 'find('],
  ])
})

test('an installed package with the driver in its bundle: the line that called the package', async () => {
  expect(await run('pets-app')).toEqual({
    'the driver leaks': ['FindCursor on cursorleak_bundle.pets at test/app.test.mjs:13:20'],
    'mongoose leaks': ['QueryCursor on cursorleak_bundle.pets at test/app.test.mjs:17:20'],
  })
})
