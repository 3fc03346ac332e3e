import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { project, removeProjects, write } from '../support/project.ts'
import { run } from '../support/run.ts'

// A running app, whose source maps and `sourceURL`s name files that are not its own.
let cwd = ''
const outside = path.join(tmpdir(), `cursorleak-never-loaded-${process.pid}.js`)
afterAll(() => {
  rmSync(outside, { force: true })
  removeProjects()
})

const LEAK = `const { MongoClient } = require('mongodb')
const few = new MongoClient(process.env.MONGODB_URI).db('cursorleak_sources').collection('few')
const open = (all) => all.find({}, { batchSize: 1 }).next()
few.deleteMany({}).then(() => few.insertMany([{}, {}, {}])).then(() => OPEN(few)).then(() => process.exit(0))
`
const leak = (name: string): string => `${LEAK.replace('OPEN', 'open')}//# sourceMappingURL=${name}.map\n`
const byUrl = (url: string): string =>
  LEAK.replace(
    'OPEN',
    `new Function('all', ${JSON.stringify(`return all.find({}, { batchSize: 1 }).next()\n//# sourceURL=${url}`)})`,
  )
/** Each line of the program is the first line of the source. */
const map = (source: string, mappings = `AAAA${';AAAA'.repeat(4)}`): string =>
  JSON.stringify({ version: 3, sources: [source], names: [], mappings })

beforeAll(() => {
  writeFileSync(outside, 'const hush = 1\n'.repeat(9))
  cwd = project({ 'package.json': '{}', users: 'hush\n'.repeat(9) }, ['mongodb'])
  symlinkSync(path.join(cwd, 'users'), path.join(cwd, 'link.js'))
  symlinkSync(outside, path.join(cwd, 'link-out.js'))
  write(cwd, {
    'src/own.ts': 'shown\n'.repeat(9),
    'dist/own.cjs': leak('own.cjs'),
    'dist/own.cjs.map': map('../src/own.ts'),
    'link.cjs': leak('link.cjs'),
    'link.cjs.map': map('link.js'),
    'link-out.cjs': leak('link-out.cjs'),
    'link-out.cjs.map': map('link-out.js'),
    'outside.cjs': leak('outside.cjs'),
    'outside.cjs.map': map(outside),
    'crowded.cjs': leak('crowded.cjs'),
    'crowded.cjs.map': map('src/own.ts', 'AAAA,'.repeat(100_000)),
    'url-link.cjs': byUrl(path.join(cwd, 'link.js')),
    'url-outside.cjs': byUrl(outside),
  })
})

const report = (file: string, folder = cwd) =>
  run(
    process.execPath,
    ['--import', path.join(cwd, 'node_modules/cursorleak/dist/register.mjs'), path.join(cwd, file)],
    {
      cwd: folder,
      env: { MONGODB_URI: inject('mongoUri') },
    },
  )

test.each([
  ['link.cjs', 'link.js:1:1'],
  ['link-out.cjs', 'link-out.js:1:1'],
  ['outside.cjs', `${outside}:1:1`],
  ['url-link.cjs', 'link.js:3:'],
  ['url-outside.cjs', `${outside}:3:`],
])('%s: the place is told, no line of it', async (file, place) => {
  const { stderr } = await report(file)
  expect(stderr).toContain('cursorleak_sources.few: open on the server')
  expect(stderr).toContain(place)
  expect(stderr).not.toContain('hush')
})

test.each([
  ['where it stands', undefined],
  ['from elsewhere', '/'],
])('of its own source the line is told, started %s', async (_, folder) => {
  const { stderr } = await report('dist/own.cjs', folder)
  expect(stderr).toContain('src/own.ts:1:1')
  expect(stderr).toContain('> shown')
})

test('a map that would take for ever: its lines stay as they are', async () => {
  const start = performance.now()
  const { stderr } = await report('crowded.cjs')
  expect(performance.now() - start).toBeLessThan(15_000)
  expect(stderr).toContain(
    'cursorleak: the source map of crowded.cjs has more than 64 segments at one place; its lines are not mapped',
  )
  expect(stderr).toContain('crowded.cjs:3:')
})
