import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { run } from '../support/run.ts'
import { compile, root, type Service, serve } from './service.ts'

/** A server that lists idle cursors, as a mongod does, and the example service on it with the site in each comment. */
let server: Awaited<ReturnType<typeof startServer>>
let service: Service
let folder: string
beforeAll(async () => {
  server = await startServer({ own: true, idleCursors: true })
  folder = await compile('esm')
  const env = { MONGODB_URI: server.uri, CURSORLEAK_TAG_COMMENTS: 'on' }
  const args = ['--import', 'cursorleak/register', path.join(folder, 'main.mjs')]
  service = await serve(args, env, { cwd: path.join(root, 'fixtures/service') })
  await service.get('/orders/oldest', 2)
  await service.get('/reports')
  await service.get('/orders/count')
})
afterAll(async () => {
  service.child.kill('SIGKILL')
  await service.ended
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
})

const ask = (...args: string[]) => {
  const cli = path.join(root, 'dist/cli/index.mjs')
  return run(process.execPath, [cli, 'watch', server.uri, ...args], { cwd: root, env: {} })
}
const watch = async (...args: string[]) => {
  const { stdout, stderr } = await ask(...args)
  return stderr + stdout
}
const documented = readFileSync(path.join(root, 'docs/watch.md'), 'utf8').split('```')
/** Numbers, ages and charts differ from run to run. */
const steady = (text: string): string[] =>
  text
    .replace(/\d+ (ms|s) old, idle \d+ (ms|s)/g, '<age>')
    .replace(/127\.0\.0\.1:\d+ {2}\d\d:\d\d:\d\d/, '<server>')
    .replace(/(connections|open cursors) +\d+( \(\+\d+\))? +[▁▂▃▄▅▆▇█]+/g, '$1 <n>')
    .split('\n')
    .filter(Boolean)
const FIND = '  <age>  service.orders  find {status}  "src/orders.ts:5 oldestOpen"'
const AGGREGATE = '  <age>  service.orders  aggregate [$match]  "src/reports.ts:5 hasExport"'
const HEAD = [
  'cursorleak watch <server>',
  'connections <n>',
  'open cursors <n>',
  '  pinned 0, noTimeout 0, timed out ?',
]

test('--once shows the oldest idle cursors, by their shape and the line that tagComments wrote', async () => {
  expect(steady(await watch('--once'))).toEqual([...HEAD, 'oldest idle cursors:', FIND, FIND, AGGREGATE])
})

test('the session in the documentation has what it prints today', () => {
  const recorded = documented.find((block) => block.startsWith('text\ncursorleak watch ')) ?? ''
  const lines = steady(recorded).slice(1)
  expect(lines.slice(0, HEAD.length + 1)).toEqual([...HEAD, 'oldest idle cursors:'])
  expect(lines.length).toBeGreaterThan(HEAD.length + 1)
  for (const line of lines.slice(HEAD.length + 1)) expect([FIND, AGGREGATE]).toContain(line)
})

test('--json has namespace, shape, age and site, and no value of a query', async () => {
  const text = await watch('--once', '--json')
  const { idle } = JSON.parse(text)
  const time = expect.any(Number)
  const of = { namespace: 'service.orders', ageMs: time, idleMs: time }
  const found = { ...of, command: 'find {status}', comment: 'src/orders.ts:5 oldestOpen' }
  const grouped = { ...of, command: 'aggregate [$match]', comment: 'src/reports.ts:5 hasExport' }
  expect(idle).toEqual([found, found, grouped])
  expect(idle[0].ageMs).toBeGreaterThanOrEqual(idle[2].ageMs)
  // The filters are { status: 'open' } and { total: { $gt: 0 } }.
  expect(JSON.stringify(idle)).not.toMatch(/"open"|gt/)
})

test.each([
  ['all users’', { times: 1 }, ['oldest idle cursors (of this user only):', FIND, FIND, AGGREGATE]],
  ['any', 'alwaysOn', ['idle cursors: the server does not list them (Unauthorized)']],
])('a server that refuses to list %s cursors is told in a sentence', async (_, mode, lines) => {
  const client = await new MongoClient(server.uri).connect()
  const command = { configureFailPoint: 'failCommand', mode, data: { failCommands: ['aggregate'], errorCode: 13 } }
  await client.db('admin').command(command)
  const text = await watch('--once')
  await client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' })
  await client.close()
  expect(steady(text)).toEqual([...HEAD, ...lines])
})

/** A line of the log, and the sentence of a limit, without their numbers. */
const form = (line: string): string => line.replace(/ \([+-]\d+\)/g, '').replace(/\d+/g, '#')

test.each([
  ['--max-growth', 3, 'connections'],
  ['--max-connections', 30, undefined],
])('%s ends it with 2 while the service connects anew each time, in the documented form', async (limit, most, by) => {
  let using = true
  const users = (async () => {
    while (using) await service.get('/users/c1')
  })()
  const { code, stdout, stderr } = await ask('--interval', '0.2', '--for', '30', limit, String(most))
  using = false
  await users
  const block = documented.find((text) => text.includes('--max-growth 3\n')) ?? ''
  const [, , line = '', , , sentence = ''] = block.split('\n')
  expect(code).toBe(2)
  for (const shown of stdout.trimEnd().split('\n')) expect(form(shown)).toBe(form(line))
  if (by) expect(form(stderr)).toBe(`${form(sentence)}\n`)
  else expect(stderr).toMatch(/^cursorleak: \d+ connections, more than --max-connections 30\n$/)
})
