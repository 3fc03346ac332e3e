import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run } from '../support/run.ts'
import { expectSafe, RAW } from './hostile.ts'

const root = path.resolve(import.meta.dirname, '../..')
const bin = (name: string) => path.join(root, 'node_modules', name)

/** What a file's name may hold on most systems. */
const NASTY = ['\x1b[2J', '\n::error file=x::taken\n', '\n##[error]taken', '##vso[taken', '\u202egnp', '\u009b31m']
const OTHERS = ['\r', '\u2028', '\t', ')', '(', '"', "'", '`', '\\', '<b>&', ']]>', '$&', '%0A', ':1:1', '?x', '#x']
// Node loads no module with a backslash in its name.
const FILES = [...NASTY, ...OTHERS]
  .flatMap((text, i) => [`${i}a${text}z.cjs`, `${i}m${text}z.mjs`])
  .filter((name) => !/\\.*\.mjs$/.test(name))

const leaking = (name: string): string =>
  `${name.endsWith('.mjs') ? 'export const leak' : 'exports.leak'} = (numbers) => numbers.find().next()\n`
const ALL = `
const { readdirSync } = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { MongoClient } = require('mongodb')
const folder = path.join(__dirname, 'odd')
const client = new MongoClient(process.env.MONGODB_URI)
exports.close = () => client.close()
exports.leakAll = async (withModules) => {
  const numbers = client.db('safe_names').collection('numbers')
  await numbers.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }])
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    if (name.endsWith('.cjs')) await require(file).leak(numbers)
    else if (withModules) await (await import(pathToFileURL(file))).leak(numbers)
  }
}
`
const HEAD = `
const it = globalThis.it ?? require('node:test').test
const after = globalThis.after ?? globalThis.afterAll ?? require('node:test').after
`
const LEAKS = `${HEAD}
const { close, leakAll } = require('./all.cjs')
after(close)
it('leaks', () => leakAll(typeof jest === 'undefined'))
`
/** Only warned about: no runner prints more of its file's name than without us. */
const SESSION = `${HEAD}
const { MongoClient } = require('mongodb')
const client = new MongoClient(process.env.MONGODB_URI)
after(() => client.close())
it('leaves a session', async () => {
  await client.db('safe_names').collection('numbers').findOne({}, { session: client.startSession() })
})
`
const inVitest = (file: string): string =>
  `import { createRequire } from 'node:module'\ncreateRequire(import.meta.url)(${JSON.stringify(file)})\n`
/** A test file whose own name is hostile; Jest's search for files knows none with a line end in it. */
const ODD = `t\x1bc\u202e\u009b31m`
const ODDER = `${ODD}\n::error file=x::taken\n`

let folder = ''
beforeAll(() => {
  folder = project(
    {
      ...Object.fromEntries(FILES.map((name) => [`odd/${name}`, leaking(name)])),
      'all.cjs': ALL,
      'program.cjs': `require('./all.cjs').leakAll(true).then(() => process.exit())\n`,
      [`program${ODDER}.cjs`]: `require('./all.cjs').leakAll(false).then(() => process.exit())\n`,
      'leaks.test.cjs': LEAKS,
      'leaks.vitest.mjs': inVitest('./leaks.test.cjs'),
      'session.cjs': SESSION,
      [`${ODD}.jest.cjs`]: SESSION,
      [`${ODDER}.test.cjs`]: SESSION,
      [`${ODDER}.vitest.mjs`]: inVitest('./session.cjs'),
      'vitest.config.mjs': `export default { test: { globals: true, include: [process.env.MATCH], setupFiles: ['cursorleak/vitest'], reporters: ['default', 'cursorleak/vitest/reporter'] } }\n`,
      'jest.config.cjs': `module.exports = { rootDir: __dirname, testMatch: ['**/' + process.env.MATCH], setupFilesAfterEnv: ['cursorleak/jest'], reporters: ['default', 'cursorleak/jest/reporter'], transform: {} }\n`,
    },
    ['mongodb', 'vitest', 'jest', 'mocha'],
  )
  writeFileSync(path.join(folder, 'package.json'), '{}')
})
afterAll(removeProjects)

async function printed(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const more = { MONGODB_URI: inject('mongoUri'), CURSORLEAK_MAX_REPORTED: '100', ...env }
  const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env: more })
  return `${stdout}\n${stderr}`
}
const MOCHA = [bin('mocha/bin/mocha.js'), '--require', './node_modules/cursorleak/dist/mocha/index.cjs']
const NODE = ['--import', 'cursorleak/node-test', '--test-reporter=spec', '--test']
const VITEST = [bin('vitest/vitest.mjs'), 'run']
const JEST = [bin('jest/bin/jest.js'), '--ci', '--runInBand']
const CLI = path.join(root, 'dist/cli/index.mjs')

// Runners print the text and the stack of our error; the names in them are the sources'.
test.each<[string, string[], NodeJS.ProcessEnv]>([
  ['Vitest', VITEST, { MATCH: 'leaks.vitest.mjs' }],
  ['Jest', JEST, { MATCH: 'leaks.test.cjs' }],
  ['Mocha', [...MOCHA, 'leaks.test.cjs'], {}],
  ['node:test', [...NODE, 'leaks.test.cjs'], {}],
  ['register, text', ['--import', 'cursorleak/register', 'program.cjs'], {}],
  ['register, json', ['--import', 'cursorleak/register', 'program.cjs'], { CURSORLEAK_FORMAT: 'json' }],
  ['run', [CLI, 'run', '--', process.execPath, 'program.cjs'], {}],
  ['run of a program with such a name', [CLI, 'run', '--', process.execPath, `program${ODDER}.cjs`], {}],
  ['run of what there is not', [CLI, 'run', '--', `${ODDER} mongodb://root:zqCANARYzq@db/`], {}],
])('hostile names of source files: %s', async (name, args, env) => {
  const text = stripVTControlCharacters(await printed(args, env))
  // Of each file, or of the half that Jest loads. Two names have a line end, which takes their line out of a stack: told as one.
  const leaks = text.split('FindCursor').length - 1
  if (!name.includes('there is not')) expect(leaks, text).toBeGreaterThanOrEqual(FILES.length / 2 - 2)
  expectSafe(text, name)
})

test.each<[string, string[], NodeJS.ProcessEnv]>([
  ['Vitest', VITEST, { MATCH: `*31m*.vitest.mjs` }],
  ['Jest', JEST, { MATCH: '*31m*.jest.cjs' }],
  ['Mocha', [...MOCHA, `./${ODDER}.test.cjs`], {}],
  ['node:test', [...NODE, `./${ODDER}.test.cjs`], {}],
])('a hostile name of the test file itself: %s prints it as it does without us', async (_, args, env) => {
  const raw = (text: string): string[] => text.match(new RegExp(RAW.source, 'gmu')) ?? []
  const without = await printed(args, { ...env, CURSORLEAK: 'off' })
  const found = await printed(args, { ...env, CURSORLEAK: 'verbose' })
  expect(found).toContain('ClientSession on 127.0.0.1')
  expect(raw(found)).toEqual(raw(without))
})
