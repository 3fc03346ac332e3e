import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { run, stable } from '../support/run.ts'

const FIXTURE = fileURLToPath(new URL('../../fixtures/failures', import.meta.url))
const DIST = fileURLToPath(new URL('../../dist', import.meta.url))
const homeOf = (name: string): string => path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** What is printed, less what the server makes anew each time. */
async function printed(args: string[]): Promise<string> {
  const { stdout, stderr, code } = await run(process.execPath, args, {
    cwd: FIXTURE,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  return (
    stable(`${stdout}\n${stderr}\n${code}`, FIXTURE)
      .replace(/ \(<time>\)|, estimated <time>/g, '')
      .replace(/\w+: \{ high: .*\}/g, '<timestamp>')
      .replace(/duration_ms .*/g, '')
      // Node before 24 calls into its own like this wherever an AsyncLocalStorage is in use.
      .replace(/\n +at \S+\.callbackTrampoline \(node:internal\/async_hooks.*\)/g, '')
  )
}

test('Jest prints the same failures, code and stacks', async () => {
  const args = [path.join(homeOf('jest'), 'bin/jest.js'), '--ci', '--runInBand', '--rootDir=.', '--transform={}']
  args.push('--testMatch=**/jest.test.cjs')
  const without = await printed(args)
  expect(without.match(/^ {2}● /gm)).toHaveLength(14)
  expect(await printed([...args, '--setupFilesAfterEnv=cursorleak/jest'])).toBe(without)
})

test('Mocha prints the same failures and stacks', async () => {
  const args = [path.join(homeOf('mocha'), 'bin/mocha.js'), '--slow', '99999', '--timeout', '60000', 'mocha.cjs']
  const without = await printed(args)
  expect(without).toContain('14 failing')
  expect(await printed([...args, '--require', path.join(DIST, 'mocha/index.cjs')])).toBe(without)
})

test('node:test prints whole stacks: no line of the user’s is missing, and ours are those the docs name', async () => {
  const args = ['--test', '--test-reporter=spec', '--test-reporter-destination=stdout', 'node.cjs']
  const [without, found] = [await printed(args), await printed(['--import', 'cursorleak/node-test', ...args])]
  const users = (text: string): string[] => text.match(/^ +at .*<folder>.*$/gm) ?? []
  expect(without).toContain('fail 14')
  expect(users(found)).toEqual(users(without))
  const ours = (found.match(/^ +at .*\/dist\/.*$/gm) ?? []).map((line) => line.replace(/^ +at (.*) \(.*$/, '$1'))
  expect([...new Set(ours)].sort()).toEqual([
    'ClientSession.commitTransaction',
    'ClientSession.withTransaction',
    'FindCursor._initialize',
    'FindCursor.next',
    'MongoClient.withSession',
    'Test.runInAsyncScope',
  ])
})
