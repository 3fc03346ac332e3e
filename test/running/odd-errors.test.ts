import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'
import { root } from './service.ts'

const cwd = path.join(root, 'fixtures/odd-errors')
const MOCHA = [path.join(root, 'node_modules/mocha/bin/mocha.js'), '--require', '../../dist/mocha/index.cjs']
const NODE = ['--import', 'cursorleak/node-test', '--test', '--test-reporter=tap']

test.each([
  ['Mocha', 'frozen', [...MOCHA, 'leaks.test.cjs']],
  ['Mocha', 'sites', [...MOCHA, 'leaks.test.cjs']],
  ['Mocha', 'throws', [...MOCHA, 'leaks.test.cjs']],
  ['node:test', 'frozen', [...NODE, 'leaks.test.cjs']],
  ['node:test', 'throws', [...NODE, 'leaks.test.cjs']],
])('%s, errors that are %s: the leaking test fails, and only that', async (_, ODD, args) => {
  const { code, stdout, stderr } = await run(process.execPath, args, {
    cwd,
    env: { MONGODB_URI: inject('mongoUri'), ODD },
  })
  const all = stdout + stderr
  expect(code, all).toBeGreaterThan(0)
  expect(all).toContain('FindCursor on cursorleak_odd_errors.numbers was never closed: unread documents left')
  // Mocha counts a test whose check fails as passed, too.
  expect(all).toMatch(/^(# fail 1|\s+1 failing)$/m)
  expect(all).toMatch(/^(# pass 1|\s+2 passing \(.*\))$/m)
})
