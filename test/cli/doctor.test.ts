import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A project of these files; a package by its version. */
function project(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-doctor-'))
  folders.push(folder)
  for (const [file, text] of Object.entries(files)) {
    const isPackage = /^\d+\./.test(text)
    const target = path.join(folder, file, isPackage ? 'package.json' : '')
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, isPackage ? JSON.stringify({ version: text }) : text)
  }
  return folder
}
/** A project with the packages of this checkout, and no runner that is to be asked. */
function installed(): string {
  const cwd = project({ 'package.json': '{"scripts":{"test":"node --import cursorleak/node-test --test"}}' })
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
  return cwd
}
async function doctor(cwd: string, env: NodeJS.ProcessEnv = {}, ...args: string[]) {
  const cli = path.join(root, 'dist/cli/index.mjs')
  const { code, stdout, stderr } = await run(process.execPath, [cli, 'doctor', ...args], {
    cwd,
    env: { MONGODB_URI: '', ...env },
  })
  return { code, stderr, lines: stdout.trimEnd().split('\n') }
}
const NODE = `ok    Node ${process.versions.node}`

test('a project in order: nested copies, pnpm, a runner, the set-up, the environment', async () => {
  const cwd = project({
    'package.json': '{"scripts":{"test":"node --import cursorleak/node-test --test"}}',
    'node_modules/mongodb': '7.9.0',
    'node_modules/mongoose': '8.1.0',
    'node_modules/mongoose/node_modules/mongodb': '6.22.0',
    'node_modules/.pnpm/mongodb@5.9.2/node_modules/mongodb': '5.9.2',
    'node_modules/@scope/app/node_modules/mongodb': '4.17.2',
    'node_modules/vitest': '4.1.12',
  })
  expect(await doctor(cwd, { CURSORLEAK_SETTLE_MS: '50' })).toEqual({
    code: 0,
    stderr: '',
    lines: [
      NODE,
      'ok    mongodb 7.9.0 in node_modules/mongodb',
      'ok    mongodb 5.9.2 in node_modules/.pnpm/mongodb@5.9.2/node_modules/mongodb',
      'ok    mongodb 4.17.2 in node_modules/@scope/app/node_modules/mongodb',
      'ok    mongodb 6.22.0 in node_modules/mongoose/node_modules/mongodb',
      'ok    mongoose 8.1.0 in node_modules/mongoose',
      'ok    vitest 4.1.12',
      'ok    node --test (script test): checked by cursorleak/node-test',
      '      CURSORLEAK_SETTLE_MS=50',
      'nothing is wrong',
    ],
  })
})

test('what is wrong is said in a line each, and without the credentials of the server', async () => {
  const cwd = project({
    'package.json': '{}',
    'jest.config.cjs': 'module.exports = {}',
    'node_modules/mongodb': '3.7.4',
    'node_modules/jest': '27.5.1',
  })
  const env = {
    CURSORLEAK_DETAIL: 'some',
    MONGODB_URI: 'mongodb://root:hidden@127.0.0.1:1/?serverSelectionTimeoutMS=300',
  }
  const { code, stderr, lines } = await doctor(cwd, env)
  expect({ code, stderr, lines: lines.map((line) => line.replace(/(not answer|not known): .*/, '$1: …')) }).toEqual({
    code: 1,
    stderr: '',
    lines: [
      NODE,
      'wrong mongodb 3.7.4 in node_modules/mongodb: 4 to 7 are traced',
      'wrong jest 27.5.1: 28 to 30 are supported',
      'wrong jest: not checked: jest 27.5.1 is not supported, 28 to 30 are',
      '      CURSORLEAK_DETAIL=some',
      `wrong environment variable CURSORLEAK_DETAIL: option "detail" is 'some'; allowed: off, count, sample or full`,
      'wrong MONGODB_URI: 127.0.0.1:1 does not answer: …',
      '5 wrong',
    ],
  })
  expect(lines.join()).not.toMatch(/hidden|root/)
})

test('an empty folder, and a server that answers', async () => {
  const empty = await doctor(project({}))
  expect(empty).toEqual({
    code: 1,
    stderr: '',
    lines: [
      NODE,
      'wrong no mongodb and no mongoose in node_modules: npm install',
      'wrong cursorleak is not set up: no test runner was found in the scripts, the dependencies and the configurations of this folder; in a workspace ask in the package that has them',
      '2 wrong',
    ],
  })
  const cwd = project({ '.mocharc.json': '{"require":["cursorleak/mocha"]}' })
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
  const { code, lines } = await doctor(cwd, { MONGODB_URI: inject('mongoUri') })
  expect(lines).toContain('ok    mocha: checked by cursorleak/mocha')
  expect(lines.at(-2)).toMatch(/^ok {4}MONGODB_URI: 127\.0\.0\.1:\d+ answers$/)
  expect(code).toBe(0)
})

test('an argument that it does not know is one sentence', async () => {
  const { code, stderr } = await doctor(root, {}, '--fix')
  expect({ code, stderr: stderr.split('\n')[0] }).toEqual({
    code: 64,
    stderr: expect.stringMatching(/^cursorleak: doctor: Unknown option '--fix'/),
  })
})

test.each([
  ['mongodb://user:hush/1@127.0.0.1:1/', '127.0.0.1:1 does not answer: Password contains unescaped characters'],
  [
    'mongodb+srv://hu?sh:x@a.example.net',
    'a.example.net does not answer: Username contains unescaped characters ***?***',
  ],
  ['mongodb://user:hush', 'the server does not answer: Unable to parse *** with URL'],
])('of %s only the hosts are printed', async (uri, sentence) => {
  const { lines, stderr } = await doctor(installed(), { MONGODB_URI: uri, CURSORLEAK_BASELINE: `${uri}\n::error::x` })
  expect(lines).toContain(`wrong MONGODB_URI: ${sentence}`)
  expect(lines.filter((line) => line.startsWith('::'))).toEqual([])
  expect(lines.join('\n') + stderr).not.toContain('hush')
})

/** Runs it in a project against a server that never answers: when each of its lines came, and how it ended. */
async function timed(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [path.join(root, 'dist/cli/index.mjs'), 'doctor'], {
    cwd: installed(),
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const start = performance.now()
  const came: [line: string, ms: number][] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trimEnd().split('\n')) came.push([line, performance.now() - start])
  })
  const [code] = await once(child, 'close')
  return { code, came, ms: performance.now() - start }
}
/** Within the bound of one question, and not at once. */
const WAITED = [4_000, 9_000] as const

test('a server that accepts and never answers: what is known is printed at once, and the answer is waited for 5 s', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`
  const { code, came, ms } = await timed({ MONGODB_URI: `mongodb://user:hush@${host}/` })
  silent.close()
  const [first, second] = [came[0], came.at(-2)]
  expect([first?.[0], code]).toEqual([NODE, 1])
  expect(first?.[1]).toBeLessThan(3_000)
  expect(second?.[0]).toMatch(new RegExp(`^wrong MONGODB_URI: ${host} does not answer: `))
  expect((second?.[1] ?? 0) - (first?.[1] ?? 0)).toBeGreaterThan(3_000)
  expect(ms).toBeLessThan(WAITED[1])
  expect(came.join()).not.toContain('hush')
})

test('a name server that never answers is bounded, too', async () => {
  const names = createSocket('udp4')
  names.bind(0, '127.0.0.1')
  await once(names, 'listening')
  const asked = once(names, 'message')
  const servers = `import dns from 'node:dns'; dns.setServers(['127.0.0.1:${names.address().port}'])`
  const { code, came, ms } = await timed({
    MONGODB_URI: 'mongodb+srv://user:hush@cluster.example.net/',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(servers)}`,
  })
  await asked
  names.close()
  expect([came[0]?.[0], code]).toEqual([NODE, 1])
  expect(came.at(-2)?.[0]).toBe('wrong MONGODB_URI: cluster.example.net does not answer: no answer within 5000 ms')
  expect(ms).toBeGreaterThan(WAITED[0])
  expect(ms).toBeLessThan(WAITED[1])
  expect(came.join()).not.toContain('hush')
})
