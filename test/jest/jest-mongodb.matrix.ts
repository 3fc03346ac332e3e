import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { installed, pythonEnv } from '../../fixtures/server/install.mjs'
import { sandbox } from '../../scripts/sandbox.mjs'
import { beside, DRIVER, JEST, SERVER, TYPESCRIPT } from '../versions.ts'
import { jest } from './jest.ts'

const FILES = fileURLToPath(new URL('../../fixtures/jest-mongodb', import.meta.url))
const LAUNCHER = fileURLToPath(new URL('../../fixtures/server/mongod-launcher.py', import.meta.url))

let folder: string
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  const packages = {
    jest: JEST['30'],
    ...DRIVER,
    ...beside('@shelf/jest-mongodb', '@swc/core', 'ts-jest'),
    typescript: TYPESCRIPT['5.9'],
  }
  folder = await sandbox(packages, { files: FILES, name: 'jest-mongodb' })
  const server = await installed()
  env = {
    ...pythonEnv(server.folder),
    CURSORLEAK_PYTHON: server.python,
    MONGOMS_SYSTEM_BINARY: LAUNCHER,
    MONGOMS_SYSTEM_BINARY_VERSION_CHECK: 'false',
    MONGOMS_VERSION: SERVER,
    // The preset starts a server of its own: one that is given must not be needed.
    MONGODB_URI: undefined,
  }
})

test.each([
  ['one server for the run', undefined],
  ['a server for each file', 'per-file.cjs'],
])('@shelf/jest-mongodb, %s', async (_name, file) => {
  const found = await jest({ uri: '', args: ['--runInBand'], folder, env: { ...env, MONGO_MEMORY_SERVER_FILE: file } })
  const plain = found.replace(/\b[\da-f]{8}-[\da-f-]{27}\b/g, '<database>')
  await expect(byFile(plain)).toMatchFileSnapshot('outputs/jest-mongodb.txt')
})

test('docs/jest.md shows that config', () => {
  const page = readFileSync(new URL('../../docs/jest.md', import.meta.url), 'utf8')
  const config = readFileSync(`${FILES}/jest.config.cjs`, 'utf8')
  for (const line of ["  preset: '@shelf/jest-mongodb',", "  setupFilesAfterEnv: ['cursorleak/jest'],"]) {
    expect(page).toContain(line)
    expect(config).toContain(line)
  }
})

/** Which file is first, Jest decides by what it remembers of earlier runs. */
function byFile(text: string): string {
  const [head = '', ...parts] = text.split(/^(?=FAIL )|^(?=Test Suites:)/m)
  const end = parts.pop() ?? ''
  return [head, ...parts.sort().map((part) => `${part.trimEnd()}\n\n`), end].join('')
}
