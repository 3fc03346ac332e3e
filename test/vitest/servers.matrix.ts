import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { installed, pythonEnv } from '../../fixtures/server/install.mjs'
import { sandbox } from '../../scripts/sandbox.mjs'
import { DRIVER, beside as packages, SERVER, VITEST } from '../versions.ts'
import { beside } from './beside.ts'

const FILES = fileURLToPath(new URL('../../fixtures/vitest-servers', import.meta.url))
const LAUNCHER = fileURLToPath(new URL('../../fixtures/server/mongod-launcher.py', import.meta.url))
const BIN = path.join('node_modules', 'vitest', 'vitest.mjs')

let cwd: string
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  const tools = packages('mongodb-memory-server', 'vitest-mms', 'vitest-mongodb')
  const dependencies = { vitest: VITEST['4.1'], ...DRIVER, ...tools }
  cwd = await sandbox(dependencies, { files: FILES, name: 'servers' })
  const { python, folder } = await installed()
  env = {
    ...pythonEnv(folder),
    CURSORLEAK_PYTHON: python,
    MONGOMS_SYSTEM_BINARY: LAUNCHER,
    MONGOMS_SYSTEM_BINARY_VERSION_CHECK: 'false',
    MONGOMS_VERSION: SERVER,
    // Each starts a server of its own: one that is given must not be needed.
    MONGODB_URI: undefined,
  }
})

describe.each([
  ['mongodb-memory-server', 1, 2],
  ['vitest-mms', 2, 2],
  ['vitest-mms-file', 1, 2],
  ['vitest-mongodb', 1, 2],
])('beside %s', (name, leaks, clean) => {
  test.each(['first', 'last'])('our setup file %s', async (where) => {
    const order = where === 'last' ? { LAST: '1' } : {}
    const { failed, passed, code, stdout, stderr } = await beside(BIN, [], { ...env, ...order, cwd, SERVER: name })
    const output = `${stdout}\n${stderr}`
    expect([failed.length, passed.length, code], output).toEqual([leaks, clean, 1])
    for (const title of failed) expect(title, output).toMatch(/: leaks$/)
    // Each once, at the line that created the cursor, and nothing besides.
    expect(stderr.match(/CursorLeakError: FindCursor on \S+ was never closed/g), output).toHaveLength(leaks)
    expect(stderr.match(/ ❯ (Module\.)?firstOrder src\/orders\.ts:13:25/g), output).toHaveLength(leaks)
    expect(output).not.toMatch(/warning|Unhandled/i)
  })
})
