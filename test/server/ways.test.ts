import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startServer } from '../../fixtures/server/index.mjs'
import { ended, envWith, isOpen, runNode } from './child.ts'

let server: Server
let cache: string

beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'cursorleak-test-'))
  server = await startServer({ own: true })
}, 300_000)

afterAll(async () => {
  await server?.stop()
  rmSync(cache, { recursive: true, force: true })
})

const SHOW = 'const { stop, ...shown } = await startServer(); console.log(JSON.stringify(shown)); await stop()'
const SAY = 'await startServer().catch((error) => console.log(error.message))'
const NOWHERE = 'http://127.0.0.1:9'

test('MONGODB_URI is used as it is, and the line has no credentials', async () => {
  const { host } = new URL(server.uri)
  await using client = new MongoClient(server.uri)
  await client.db('admin').command({ createUser: 'shopkeeper', pwd: 'pa55', roles: ['root'] })
  const uri = `mongodb://shopkeeper:pa55@${host}/?replicaSet=rs0&authSource=admin`
  const { stdout } = await ended(runNode(SHOW, envWith({ MONGODB_URI: uri })))
  const shown = JSON.parse(stdout)
  expect(shown).toMatchObject({ uri, kind: 'uri', version: expect.stringMatching(/^\d+\.\d+/) })
  expect(shown.line).toBe(`cursorleak: MongoDB server: version ${shown.version}, given by MONGODB_URI, on ${host}`)
})

test('MONGODB_URI is passed over for a server of its own, and left running by stop', async () => {
  const { stdout } = await ended(runNode(SHOW, envWith({ MONGODB_URI: server.uri })))
  expect(JSON.parse(stdout).uri).toBe(server.uri)
  expect(await isOpen(server.uri)).toBe(true)
  const own = await ended(runNode(SHOW.replace('()', '({ own: true })'), envWith({ MONGODB_URI: server.uri })))
  expect(JSON.parse(own.stdout).uri).not.toBe(server.uri)
})

test('MONGODB_URI that does not answer is one sentence without its credentials', async () => {
  const uri = 'mongodb://user:pa55@127.0.0.1:9/?serverSelectionTimeoutMS=100'
  const { stdout } = await ended(runNode(SAY, envWith({ MONGODB_URI: uri })))
  expect(stdout).toMatch(/^cursorleak: the server of MONGODB_URI cannot be used: .*127\.0\.0\.1:9.*\.\n$/)
  expect(stdout).not.toMatch(/pa55|user/)
})

test('where no way works, one sentence names the three and why each failed', async () => {
  const env = envWith({ PATH: cache, CURSORLEAK_CACHE: cache, MONGOMS_DOWNLOAD_MIRROR: NOWHERE, HTTPS_PROXY: '' })
  const { stdout, stderr } = await ended(runNode(SAY, { ...env, https_proxy: '', MONGOMS_DOWNLOAD_DIR: cache }))
  expect(stderr).toBe('')
  expect(stdout).toBe(
    'cursorleak: no MongoDB server can be had: set MONGODB_URI (it is not set), ' +
      'let mongodb-memory-server download a mongod (no mongod is cached and its download host cannot be reached: ' +
      'bad port), or install Python 3.11, 3.12 or 3.13 with pip for the stand-in SecantusDB ' +
      '(no Python 3.11, 3.12 or 3.13 is on PATH).\n',
  )
})
