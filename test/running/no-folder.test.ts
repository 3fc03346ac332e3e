import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run, stable } from '../support/run.ts'

afterAll(removeProjects)

/** A test goes into a folder of its own and removes it: from then on Node can't tell where it is. */
const TESTS = (runner: string): string => `const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { MongoClient } = require('mongodb')
${runner}

const client = new MongoClient(process.env.MONGODB_URI)
const orders = client.db('cursorleak_no_folder').collection('orders')
before(() => orders.insertMany([{}, {}, {}]))
after(() => client.close())

test('goes into a folder, and removes it', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cursorleak-gone-'))
  process.chdir(folder)
  fs.rmdirSync(folder)
  await orders.findOne({})
})
test('starts a session', async () => {
  client.startSession()
})
test('leaks', async () => {
  await orders.find().next()
})
test('reads all', async () => {
  await orders.find().toArray()
})
`

test.each([
  ['node:test', "const { after, before, test } = require('node:test')", ['--import', 'cursorleak/node-test']],
  [
    'Mocha',
    'const test = it',
    ['node_modules/mocha/bin/mocha.js', '--require', './node_modules/cursorleak/dist/mocha/index.cjs'],
  ],
])('%s: the leak is told with its whole path, and nothing else fails', async (_name, runner, args) => {
  const folder = project({ 'package.json': '{}', 'a.test.cjs': TESTS(runner) }, ['mongodb', 'mocha'])
  const { stdout, stderr, code } = await run(process.execPath, [...args, 'a.test.cjs'], {
    cwd: folder,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  const text = stable(`${stdout}\n${stderr}`, folder)
  expect(code, text).toBe(1)
  expect(text).toMatch(/ created at .*<folder>\/a\.test\.cjs:22:16/)
  expect(text).toMatch(/ClientSession on 127\.0\.0\.1:<port> was never ended/)
  expect(text.match(/^(?:# fail|ℹ fail| +\d+ failing).*$/gm)).toHaveLength(1)
  expect(text).toMatch(/^(?:# fail 1|ℹ fail 1| +1 failing)$/m)
  expect(text).not.toContain('uv_cwd')
})
