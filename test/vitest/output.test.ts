import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Run, run, stable } from '../support/run.ts'
import { fill } from './things.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROJECT = path.join(ROOT, 'fixtures', 'vitest-output')
const files = mkdtempSync(path.join(tmpdir(), 'cursorleak-output-'))

beforeAll(() => fill(inject('mongoUri')))
afterAll(() => rmSync(files, { recursive: true, force: true }))

function vitest(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const command = [path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args]
  return run(process.execPath, command, { cwd: PROJECT, env: { MONGODB_URI: inject('mongoUri'), ...env } })
}

/** Whole output without what no run repeats. */
const whole = (text: string): string =>
  stable(text, PROJECT)
    .replaceAll(ROOT, '<root>/')
    .replaceAll(files, '<files>')
    .replace(/ v\d+\.\d+\.\d+ /, ' v<version> ')
    // Where in our own built file a hook stands changes with every build.
    .replace(/(dist\/vitest\/index\.mjs):\d+:\d+/g, '$1:<line>')
    .replace(/(dist\/vitest\/index\.mjs,title=.*?),line=\d+,column=\d+/g, '$1,line=<line>')
    .replace(/ (timestamp|hostname|time)="[^"]*"/g, ' $1="…"')

const snapshot = (name: string): string => path.join('outputs', name)

test('default, junit and GitHub: one block a place, its code frame at the line that created the cursor', async () => {
  const junit = path.join(files, 'junit.xml')
  const reporters = [
    '--reporter=default',
    '--reporter=junit',
    `--outputFile.junit=${junit}`,
    '--reporter=github-actions',
  ]
  const { code, stdout, stderr } = await vitest(reporters)
  expect(code).toBe(1)
  await expect(whole(stdout)).toMatchFileSnapshot(snapshot('default-and-github.txt'))
  await expect(whole(stderr)).toMatchFileSnapshot(snapshot('default-errors.txt'))
  await expect(whole(readFileSync(junit, 'utf8'))).toMatchFileSnapshot(snapshot('junit.xml'))
})

test('json: plain frames of the user, and the leaks as data', async () => {
  const { stdout } = await vitest(['--reporter=json'])
  const report = JSON.parse(stdout) as {
    testResults: { assertionResults: { fullName: string; failureMessages: string[]; meta: object }[] }[]
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const text = tests.map(({ fullName, failureMessages, meta }) => ({ fullName, failureMessages, meta }))
  const json = JSON.stringify(text, null, 2)
    .replace(/"ageMs": \d+/g, '"ageMs": 0')
    .replace(/"cursorId": "-?\d+"/g, '"cursorId": "1"')
    // What Vitest itself throws is not our matter.
    .replace(/(AssertionError|Error: Test timed out|Error: Expect test to fail)[^"]*/g, '$1…')
  await expect(whole(json)).toMatchFileSnapshot(snapshot('json.txt'))
})

test('verbose: with what each file was seen to open', async () => {
  const { stdout, stderr } = await vitest(['--reporter=verbose', 'b-file'], { CURSORLEAK: 'verbose' })
  await expect(whole(stdout + stderr)).toMatchFileSnapshot(snapshot('verbose.txt'))
})

test('dot: what is only warned about names its test', async () => {
  const { code, stdout, stderr } = await vitest(['--reporter=dot', 'a-message'], {
    OPTIONS: JSON.stringify({ levels: { open: 'warn' } }),
  })
  expect(code).toBe(1)
  await expect(whole(stdout + stderr)).toMatchFileSnapshot(snapshot('dot-with-warnings.txt'))
})

test('a clean run ends with one line', async () => {
  const { code, stderr } = await vitest(['a-message', '-t', 'reads everything'])
  expect(code).toBe(0)
  expect(whole(stderr).trim()).toBe('cursorleak  1 cursor seen, none leaked; the checks took <time>')
})

test('switched off it says and checks nothing', async () => {
  const { code, stderr } = await vitest(['b-file'], { CURSORLEAK: 'off' })
  expect([code, stderr]).toEqual([0, ''])
})

test('an option that can not be used ends the run before any test', async () => {
  const wrong = await vitest([], { OPTIONS: JSON.stringify({ settleMs: -1 }) })
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain(
    'cursorleak: plugin cursorleak/vitest/plugin: option "settleMs" is -1; allowed: a whole number from 0 to 2147483647\n',
  )
  expect(wrong.stdout).not.toContain('test/')
})

test('a function among the options: where it belongs', async () => {
  const wrong = await vitest([], { PREDICATE: '1' })
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain(
    'cursorleak: plugin cursorleak/vitest/plugin: option "ignore" is [Function (anonymous)]; allowed: data only: ' +
      "functions can't be handed to the workers; pass it to configure() in a setup file\n",
  )
})
