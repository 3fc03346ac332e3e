import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run, stable } from '../support/run.ts'

afterAll(removeProjects)

const KIT = `exports.newest = (orders) => orders.find().sort({ _id: -1 })
exports.Jobs = class {
  async start(orders) {
    this.cursor = orders.find()
    await this.cursor.next()
  }
  stop() {
    return this.cursor.close()
  }
}
exports.session = (client) => client.startSession()
`
const TESTS = `const { after, before, test } = require('node:test')
const { MongoClient } = require('mongodb')
const { Jobs, newest } = require('repo-kit')

const client = new MongoClient(process.env.MONGODB_URI)
const orders = client.db('cursorleak_library').collection('orders')
before(() => orders.insertMany([{}, {}, {}]))
after(() => client.close())

test('what a library returned', async () => {
  await newest(orders).next()
})
test('what a library keeps', async () => {
  await new Jobs().start(orders)
})
test('the same, closed', async () => {
  const cursor = newest(orders)
  await cursor.next()
  await cursor.close()
  const jobs = new Jobs()
  await jobs.start(orders)
  await jobs.stop()
})
`
const files = {
  'package.json': '{}',
  'node_modules/repo-kit/index.js': KIT,
}

async function messages(
  env: NodeJS.ProcessEnv = {},
  from: 'stdout' | 'stderr' = 'stdout',
  tests = TESTS,
): Promise<string> {
  const folder = project({ ...files, 'test/orders.test.cjs': tests }, [
    'mongodb',
    'bson',
    'mongodb-connection-string-url',
    '@mongodb-js/saslprep',
  ])
  const args = ['--import', 'cursorleak/node-test', '--test-reporter=tap', 'test/orders.test.cjs']
  const ran = await run(process.execPath, args, {
    cwd: folder,
    env: { MONGODB_URI: inject('mongoUri'), ...env },
  })
  const lines = stable(ran[from], folder).split('\n')
  return lines
    .filter((line) => /FindCursor on|ClientSession on|created |to (?:fix|allow) it|^# (?:pass|fail)/.test(line))
    .join('\n')
}

test('a leak of a library names it, who called it, and how to ignore that library', async () => {
  expect(await messages()).toMatchInlineSnapshot(`
    "    FindCursor on cursorleak_library.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
          created by repo-kit (node_modules/repo-kit/index.js:1), called at test/orders.test.cjs:11:9
          to fix it: close what repo-kit gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to
          to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['repo-kit']\`
        FindCursor on cursorleak_library.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
          created by repo-kit (node_modules/repo-kit/index.js:4), called at test/orders.test.cjs:14:20
          to fix it: close what repo-kit gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to
          to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['repo-kit']\`
    # pass 1
    # fail 2"
  `)
})

test('a session of a library is silenced as the library is, and not as a kind', async () => {
  const text = TESTS.replace("test('the same, closed'", "test('session', () => void session(client))\n$&").replace(
    '{ Jobs, newest }',
    '{ Jobs, newest, session }',
  )
  expect(await messages({}, 'stderr', text)).toMatchInlineSnapshot(`
    "cursorleak warning in "session": ClientSession on 127.0.0.1:<port> was never ended: open until its client closed
      created by repo-kit (node_modules/repo-kit/index.js:11), called at test/orders.test.cjs:16:28
      to fix it: end what repo-kit gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to
      to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['repo-kit']\`"
  `)
  expect(await messages({ CURSORLEAK_IGNORE: 'repo-kit' }, 'stderr', text)).toBe('')
})

test('the library can be ignored', async () => {
  expect(await messages({ CURSORLEAK_IGNORE: 'repo-kit' })).toBe('# pass 3\n# fail 0')
})

test('the level of what libraries create', async () => {
  expect(await messages({ CURSORLEAK_LEVELS: 'library:off' })).toBe('# pass 3\n# fail 0')
  expect(await messages({ CURSORLEAK_LEVELS: 'library:warn' })).toBe('# pass 3\n# fail 0')
  expect(await messages({ CURSORLEAK_LEVELS: 'library:warn' }, 'stderr')).toMatchInlineSnapshot(`
    "cursorleak warning in "what a library returned": FindCursor on cursorleak_library.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
      created by repo-kit (node_modules/repo-kit/index.js:1), called at test/orders.test.cjs:11:9
      to fix it: close what repo-kit gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to
      to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['repo-kit']\`
    cursorleak warning in "what a library keeps": FindCursor on cursorleak_library.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
      created by repo-kit (node_modules/repo-kit/index.js:4), called at test/orders.test.cjs:14:20
      to fix it: close what repo-kit gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to
      to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['repo-kit']\`"
  `)
})

test('what the code under test creates beside it fails at any level of libraries', async () => {
  const own = TESTS.replace(
    "test('the same, closed'",
    "test('my own', async () => {\n  await orders.find().next()\n})\n$&",
  )
  const text = await messages({ CURSORLEAK_LEVELS: 'library:off' }, 'stdout', own)
  expect(text).toContain('created at test/orders.test.cjs:17:16')
  expect(text).toContain('# pass 3\n# fail 1')
})
