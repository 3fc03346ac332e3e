import { spawn } from 'node:child_process'
import { afterAll, expect, inject, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'

afterAll(removeProjects)

const FILE = `
const test = require('node:test')
const { MongoClient } = require('mongodb')
const rows = (client) => client.db('cursorleak_node_test').collection('signals')
let client
test.before(async () => {
  client = await new MongoClient(process.env.MONGODB_URI).connect()
  await rows(client).insertMany(Array.from({ length: 300 }, (_, n) => ({ n })))
  await rows(client).find().next()
})
test('is under way', async () => {
  await rows(client).aggregate([]).next()
  await rows(client).find().toArray()
  process.stderr.write('ready\\n')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
`

const killed = (env: NodeJS.ProcessEnv): Promise<{ signal: string | null; told: string[] }> =>
  new Promise((resolve, reject) => {
    const cwd = project({ 'a.test.cjs': FILE }, ['mongodb', 'bson', 'mongodb-connection-string-url'])
    const child = spawn(process.execPath, ['--import', 'cursorleak/node-test', 'a.test.cjs'], {
      cwd,
      env: { ...process.env, MONGODB_URI: inject('mongoUri'), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      const before = stderr
      stderr += chunk
      if (stderr.includes('ready') && !before.includes('ready')) child.kill('SIGINT')
    })
    child.once('error', reject)
    child.once('close', (_, signal) => resolve({ signal, told: stderr.match(/^cursorleak: .*$/gm) ?? [] }))
  })

const OPEN = 'on cursorleak_node_test.signals was never closed: open on the server, 1 document read; created at'
const SIGNAL = 'cursorleak: a signal ended the file before its check; left open:'

test('what a file leaves open that dies of a signal is told where that is asked for', async () => {
  expect(await killed({ CURSORLEAK_CATCH_SIGNALS: 'on' })).toEqual({
    signal: 'SIGINT',
    told: [`${SIGNAL} FindCursor ${OPEN} a.test.cjs:9:22`, `${SIGNAL} AggregationCursor ${OPEN} a.test.cjs:12:22`],
  })
})

test('else it dies as without us', async () => {
  expect(await killed({})).toEqual({ signal: 'SIGINT', told: [] })
})
