import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { clean, root } from '../running/service.ts'
import { project, removeProjects } from '../support/project.ts'

afterAll(removeProjects)
const cli = path.join(root, 'dist/cli/index.mjs')

/** Writes down its id, and then does as it is told. */
const leaves = (then: string): string => `require('node:fs').writeFileSync('pid', String(process.pid)); ${then}`
const WAYS = {
  waits: 'setInterval(() => {}, 1000)',
  blocked: 'for (;;);',
  // Who listens, and is blocked, does not even die of SIGTERM.
  deaf: "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {}); for (;;);",
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Sends a command signals once its child has started: how it ended, and whether the child lives on. */
async function end(cwd: string, args: string[], signals: NodeJS.Signals[]) {
  const TMPDIR = path.join(cwd, 'tmp')
  mkdirSync(TMPDIR)
  const child = spawn(process.execPath, [cli, ...args], { cwd, env: { ...clean(), TMPDIR }, stdio: 'ignore' })
  const ended = once(child, 'exit')
  const file = path.join(cwd, 'pid')
  for (let waited = 0; !existsSync(file) || readFileSync(file, 'utf8') === ''; waited += 50) {
    if (waited > 30_000) throw new Error('the child did not start within 30 s')
    await sleep(50)
  }
  await sleep(200)
  const pid = Number(readFileSync(file, 'utf8'))
  const sent = performance.now()
  for (const signal of signals) child.kill(signal)
  const [code, signal] = await ended
  const ms = performance.now() - sent
  await sleep(100)
  const lives = isAlive(pid)
  if (lives) process.kill(pid, 'SIGKILL')
  const left = readdirSync(TMPDIR).filter((name) => name.startsWith('cursorleak-'))
  return { code, signal, lives, left, ms }
}

/** A project whose configuration doctor asks for, and gets no answer. */
const hanging = (way: keyof typeof WAYS): string =>
  project(
    { 'package.json': '{"type":"commonjs","devDependencies":{"mocha":"*"}}', '.mocharc.cjs': leaves(WAYS[way]) },
    ['mocha'],
  )
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const DEAD = { code: null, lives: false, left: [] }

test.each(SIGNALS)('%s: doctor takes with it the runner that it asks', async (signal) => {
  const { ms, ...ended } = await end(hanging('blocked'), ['doctor'], [signal])
  expect(ended).toEqual({ ...DEAD, signal })
  expect(ms).toBeLessThan(5_000)
})

test('a runner that does not end by the signal is ended by force, a second later or by a second signal', async () => {
  const { ms, ...ended } = await end(hanging('deaf'), ['doctor'], ['SIGTERM'])
  expect(ended).toEqual({ ...DEAD, signal: 'SIGTERM' })
  expect(ms).toBeGreaterThan(900)
  expect(ms).toBeLessThan(6_000)
  const again = await end(hanging('deaf'), ['doctor'], ['SIGTERM', 'SIGHUP'])
  expect(again).toMatchObject(DEAD)
  expect(again.ms).toBeLessThan(ms)
})

test.each(SIGNALS)('%s is passed on by run and baseline, which leave nothing behind', async (signal) => {
  for (const command of ['run', 'baseline']) {
    for (const way of ['waits', 'blocked'] as const) {
      const cwd = project({ 'package.json': '{}', 'main.cjs': leaves(WAYS[way]) })
      const { ms, ...ended } = await end(cwd, [command, '--', process.execPath, 'main.cjs'], [signal])
      expect({ command, way, ...ended }).toEqual({ command, way, ...DEAD, signal })
      expect(ms).toBeLessThan(8_000)
      expect(readdirSync(cwd).filter((name) => name.includes('baseline'))).toEqual([])
    }
  }
})
