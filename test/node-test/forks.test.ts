import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { type Run, run } from '../support/run.ts'

afterAll(removeProjects)

const LEAKS = `
const test = require('node:test')
const { MongoClient } = require('mongodb')
const { startTrace, stopTrace } = require('cursorleak')
const client = new MongoClient(process.env.MONGODB_URI)
const things = client.db('cursorleak_node_test').collection('forks')
test.before(() => things.insertMany(Array.from({ length: 200 }, (_, n) => ({ n }))))
test.after(() => things.drop().then(() => client.close()))
test('starts and stops a trace, as the service does', () => { startTrace(); stopTrace() })
test('leaks', () => things.find().next())
`
/** Starts a file as task runners, IDEs and coverage do: with a channel. */
const FORKS = `
const { fork } = require('node:child_process')
fork(process.argv[2], [], { execArgv: ['--import', 'cursorleak/node-test'] }).on('exit', (code) => { process.exitCode = code })
`
const HELPER = "process.send?.('ready'); console.log('helper of', process.argv[2]); process.disconnect?.()"
const FORKING = `
const test = require('node:test')
const { fork } = require('node:child_process')
const ended = (env, name) => new Promise((done) => fork(__dirname + '/helper.cjs', [name], { env }).on('exit', done))
test('its own environment', () => ended(process.env, 'inherits'))
test('none', () => ended({}, 'has none'))
`

const inProject = (files: Record<string, string>, ...args: string[]): Promise<Run> =>
  run(process.execPath, args, {
    cwd: project(files, ['mongodb', 'bson', 'mongodb-connection-string-url']),
    env: { MONGODB_URI: inject('mongoUri') },
  })

test('a test file that is started with a channel is checked, and a stopTrace() in it switches nothing off', async () => {
  const { code, stdout, stderr } = await inProject({ 'a.test.cjs': LEAKS, 'run.cjs': FORKS }, 'run.cjs', './a.test.cjs')
  expect([code, stderr], stdout).toEqual([1, ''])
  expect(stdout).toContain('FindCursor on cursorleak_node_test.forks was never closed')
  expect(stdout).toMatch(/^# pass 1$/m)
})

test.each([
  ['with --test', ['--import', 'cursorleak/node-test', '--test', '--test-reporter=spec', 'a.test.cjs']],
  ['alone', ['--import', 'cursorleak/node-test', '--test-reporter=spec', 'a.test.cjs']],
])('what a test forks prints no report of its own: %s', async (_name, args) => {
  const { code, stdout } = await inProject({ 'a.test.cjs': FORKING, 'helper.cjs': HELPER }, ...args)
  expect(code, stdout).toBe(0)
  expect(stdout.match(/helper of .*/g)).toEqual(['helper of inherits', 'helper of has none'])
  expect(stdout.match(/tests \d+/g)).toEqual(['tests 2'])
})
