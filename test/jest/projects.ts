import { createRequire } from 'node:module'
import path from 'node:path'
import { project } from '../support/project.ts'
import { run, stable } from '../support/run.ts'

/** Where the line of ours stands. */
export interface Lines {
  root?: boolean
  /** No projects, and only the tests of this name. */
  only?: string
  orders?: string[]
  users?: string[]
  web?: string[]
}

const LEAKS = `
const { MongoClient } = require('mongodb')
exports.leaks = (name) => {
  const client = new MongoClient(process.env.MONGODB_URI)
  const things = client.db('cursorleak_jest_projects').collection(name)
  beforeAll(() => things.insertMany(Array.from({ length: 200 }, (_, n) => ({ n }))))
  afterAll(() => things.drop().then(() => client.close()))
  test('leaks', async () => void (await things.find().next()))
}
`

/** Three projects: two that leak, one of them through a package of somebody's, and one that has nothing to do with MongoDB. */
const FILES: Record<string, string> = {
  'package.json': '{"private":true}',
  'jest.config.cjs': `
const lines = JSON.parse(process.env.LINES ?? '{}')
const common = { transform: {} }
const one = (name) => ({
  ...common, displayName: name, rootDir: __dirname + '/packages/' + name, setupFilesAfterEnv: lines[name] ?? [],
})
module.exports = {
  ...common,
  reporters: ['default', 'cursorleak/jest/reporter'],
  ...(lines.root ? { setupFilesAfterEnv: ['cursorleak/jest'] } : {}),
  ...(lines.only ? { testMatch: ['**/' + lines.only + '.test.js'] } : { projects: [one('orders'), one('users'), one('web')] }),
  ...JSON.parse(process.env.MORE ?? '{}'),
}
`,
  'packages/orders/src/leaks.js': LEAKS,
  'packages/orders/orders.test.js': `require('./src/leaks.js').leaks('orders')`,
  'packages/users/users.test.js': `require('@scope/kit').leaks('users')`,
  'packages/users/setup.js': `require('cursorleak/jest')`,
  'packages/users/off.js': `require('cursorleak').configure({ enabled: false })`,
  'packages/web/web.test.js': `test('adds', () => expect(1 + 1).toBe(require('./two.js')))`,
  'packages/web/two.js': `require('node:path'); module.exports = 2`,
  'node_modules/@scope/kit/package.json': '{"name":"@scope/kit","dependencies":{"mongodb":"*"}}',
  'node_modules/@scope/kit/index.js': LEAKS,
}

export const jestProject = (): string => project(FILES, ['jest', 'mongodb', '@jest/globals'])

/** Runs them with our lines in these places; the whole output. */
export async function jestRun(
  folder: string,
  uri: string,
  lines: Lines,
  { args = ['--runInBand'], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const bin = path.join(path.dirname(createRequire(`${folder}/`).resolve('jest/package.json')), 'bin/jest.js')
  const { code, stdout, stderr } = await run(process.execPath, [bin, '--ci', ...args], {
    cwd: folder,
    env: { MONGODB_URI: uri, LINES: JSON.stringify(lines), ...env },
  })
  const text = stable(`${stderr.trim()}\n${stdout.trim()}`.trimEnd(), folder)
  return `${text.replace(/ \(<time>\)$/gm, '').replace(/, estimated <time>$/gm, '')}\n--- exit ${code}\n`
}

/** The lines of ours at the end of a run. */
export function told(output: string): string[] {
  const lines = output.split('\n')
  const start = lines.findIndex((line) => line.startsWith('cursorleak  '))
  const end = lines.findIndex((line, i) => i > start && /^($|Test Suites:)/.test(line))
  return start < 0 ? [] : lines.slice(start, end)
}
