import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
    'package.json': '{"scripts":{"test":"vitest run"}}',
    'vitest.config.ts': "export default { test: { setupFiles: ['cursorleak/vitest'] } }",
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
      'ok    set up: cursorleak/vitest in vitest.config.ts',
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
  expect({ code, stderr, lines: lines.map((line) => line.replace(/not answer: .*/, 'not answer: …')) }).toEqual({
    code: 1,
    stderr: '',
    lines: [
      NODE,
      'wrong mongodb 3.7.4 in node_modules/mongodb: 4 to 7 are traced',
      'wrong jest 27.5.1: 28 to 30 are supported',
      'wrong cursorleak is not set up: no cursorleak/… found in jest.config.cjs, package.json',
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
      'wrong cursorleak is not set up: no cursorleak/… found in any config file (there is none here)',
      '2 wrong',
    ],
  })
  const cwd = project({ '.mocharc.json': '{"require":["cursorleak/mocha"]}' })
  symlinkSync(path.join(root, 'node_modules'), path.join(cwd, 'node_modules'))
  const { code, lines } = await doctor(cwd, { MONGODB_URI: inject('mongoUri') })
  expect(lines).toContain('ok    set up: cursorleak/mocha in .mocharc.json')
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
  const { lines, stderr } = await doctor(root, { MONGODB_URI: uri, CURSORLEAK_BASELINE: `${uri}\n::error::x` })
  expect(lines).toContain(`wrong MONGODB_URI: ${sentence}`)
  expect(lines.filter((line) => line.startsWith('::'))).toEqual([])
  expect(lines.join('\n') + stderr).not.toContain('hush')
})
