import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../../fixtures/server/index.mjs'
import { run } from '../support/run.ts'
import { root } from './service.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer({ own: true })
})
afterAll(() => server.stop())

const watch = (args: string[], cwd = root) =>
  run(process.execPath, [path.join(root, 'dist/cli/index.mjs'), 'watch', ...args], { cwd, env: {} })

test('--once --json is one line of numbers', async () => {
  const { code, stdout, stderr } = await watch([server.uri, '--once', '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ connections: expect.any(Number), cursors: { open: 0 } })
})

test('growth of open cursors ends it with code 2', async () => {
  const client = await new MongoClient(server.uri).connect()
  const numbers = client.db('watch').collection('numbers')
  await numbers.insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
  const opened: Promise<unknown>[] = []
  const opening = setInterval(() => opened.push(numbers.find({}, { batchSize: 2 }).next()), 50)
  const { code, stdout, stderr } = await watch([server.uri, '--interval', '0.3', '--max-growth', '8', '--for', '30'])
  clearInterval(opening)
  // The last of them may still be asking: closing under it would reject a promise that nobody holds.
  await Promise.all(opened)
  await client.close()
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^cursorleak: \d+ open cursors \(\+\d+\), more growth than --max-growth 8\n$/),
  })
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}connections \d+ {2}cursors \d+ {2}pinned /)
  expect(stdout).toMatch(/cursors \d+ \(\+\d+\)/)
})

test('--max-connections', async () => {
  const { code, stderr } = await watch([server.uri, '--once', '--max-connections', '0'])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^cursorleak: \d+ connections, more than --max-connections 0\n$/),
  })
})

test.each([
  [
    ['mongodb://root:hidden@127.0.0.1:1/?serverSelectionTimeoutMS=300', '--once'],
    1,
    "watch: 127.0.0.1:1 can't be asked: ",
  ],
  [['mongodb://hidden:hid/den@127.0.0.1:1/', '--once'], 1, "watch: 127.0.0.1:1 can't be asked: "],
  [['mongodb+srv://hid?den:hidden/1@a.example.net/', '--once'], 1, "watch: a.example.net can't be asked: "],
  [['mongodb://user:hidden', '--once'], 1, "watch: the server can't be asked: Unable to parse *** with URL"],
  [['mongodb://a', '--interval', 'mongodb://user:hidden@b'], 64, 'watch: --interval is "mongodb://***@b"'],
  [['mongodb://a', '--\x1b[2Jhi\n::error::x'], 64, "watch: Unknown option '--\\x1b[2Jhi"],
  [['mongodb://a', '--interval', ''], 64, 'watch: --interval is ""; allowed: a number from 0.1'],
  [['mongodb://a', '--interval', '0x10'], 64, 'watch: --interval is "0x10"; allowed: a number from 0.1'],
  [['mongodb://a', '--for', ' '], 64, 'watch: --for is " "; allowed: a number from 0'],
  [['mongodb://a', '--for', 'Infinity'], 64, 'watch: --for is "Infinity"; allowed: a number from 0'],
  [['localhost:27017'], 64, 'watch: the connection string has to begin with mongodb:// or mongodb+srv://'],
  [[], 64, 'watch: which server? cursorleak watch mongodb://localhost:27017, or set MONGODB_URI'],
  [['mongodb://a', '--max-growth', 'x'], 64, 'watch: --max-growth is "x"; allowed: a number from 0'],
  [['mongodb://a', '--every', '2'], 64, "watch: Unknown option '--every'"],
])('%j is one sentence', async (args, code, sentence) => {
  const {
    code: got,
    stdout,
    stderr,
  } = await run(process.execPath, [path.join(root, 'dist/cli/index.mjs'), 'watch', ...args], {
    cwd: root,
    env: { MONGODB_URI: '' },
  })
  expect({ got, stdout }).toEqual({ got: code, stdout: '' })
  expect(stderr).toContain(`cursorleak: ${sentence}`)
  expect(stderr.split('\n')).toHaveLength(2)
  expect(stderr).not.toMatch(/hid/)
  expect(stderr).not.toContain('\x1b')
})

test('without the driver it says what to install', async () => {
  const { code, stderr } = await watch([server.uri, '--once'], '/')
  expect({ code, stderr }).toEqual({
    code: 64,
    stderr: 'cursorleak: watch needs the package mongodb, which is not installed in /: npm install mongodb\n',
  })
})

test('a server that accepts and never answers: bounded, and a signal ends it at once', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`
  const start = performance.now()
  const { code, stderr } = await watch([`mongodb://${host}`, '--once'])
  expect(code).toBe(1)
  expect(stderr).toMatch(`cursorleak: watch: ${host} can't be asked: `)
  expect(performance.now() - start).toBeLessThan(9_000)

  const cli = path.join(root, 'dist/cli/index.mjs')
  const child = spawn(process.execPath, [cli, 'watch', `mongodb://${host}`], { cwd: root, stdio: 'ignore' })
  await once(silent, 'connection')
  const sent = performance.now()
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(performance.now() - sent).toBeLessThan(2_000)
  silent.close()
})
