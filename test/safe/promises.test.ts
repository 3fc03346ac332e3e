import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../support/run.ts'

const root = path.resolve(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const { scripts, dependencies, files } = JSON.parse(read('package.json'))

// What SECURITY.md promises, where it can be read from the package itself.
test('no install script, and no dependencies but the two that are named', () => {
  const OF_NPM = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
  expect(OF_NPM.filter((name) => name in scripts)).toEqual([])
  const names = Object.keys(dependencies)
  expect(read('SECURITY.md')).toContain(`two dependencies (${names.map((name) => `\`${name}\``).join(', ')})`)
  expect(files).toContain('SECURITY.md')
})

test('no connection but by the driver', () => {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const NETWORK = /['"](?:node:)?(?:net|tls|https?|http2|dgram|dns)(?:\/promises)?['"]|\bfetch\(|WebSocket/
  const found = sources.filter((file) => NETWORK.test(read(path.join('src', file)).replace(/^\s*(?:\/\/|\*).*$/gm, '')))
  expect(found).toEqual([])
})

test.each(['constructor', '__proto__', 'toString', 'no\x1b[2J'])('%j is no command', async (name) => {
  const { code, stdout, stderr } = await run(process.execPath, [path.join(root, 'dist/cli/index.mjs'), name], {
    cwd: root,
  })
  expect([code, stdout]).toEqual([64, ''])
  expect(stderr).toMatch(/^cursorleak: there is no command ".*"; there are baseline, doctor, run, watch and help\n$/)
  expect(stderr).not.toContain('\x1b')
})
