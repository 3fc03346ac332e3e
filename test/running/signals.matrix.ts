import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { root } from './service.ts'

const PROGRAM = path.join(root, 'fixtures/signals/program.mjs')
const REGISTER = ['--import', 'cursorleak/register', PROGRAM]
const RUN = [path.join(root, 'dist/cli/index.mjs'), 'run', '--', process.execPath, PROGRAM]
const LEAK = '::Connection Trace Result: 1 probably leaked'

/** Starts a program, sends it signals once it is ready, and waits for its end: 10 s at most. */
async function end(args: string[], signals: NodeJS.Signals[], env: NodeJS.ProcessEnv = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|CURSORLEAK|NODE_OPTIONS)/.test(name))
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...Object.fromEntries(kept), NO_COLOR: '1', MONGODB_URI: inject('mongoUri'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [pid] = await once(child.stdout, 'data')
  // A blocked one says that it is ready while its loop still turns.
  await sleep(400)
  const sent = performance.now()
  for (const signal of signals) {
    child.kill(signal)
    if (signal === 'SIGUSR2') await sleep(500)
  }
  const last = setTimeout(() => {
    process.kill(Number(pid), 'SIGKILL')
    child.kill('SIGKILL')
  }, 10_000)
  const [code, signal] = await once(child, 'close')
  clearTimeout(last)
  const reports = stderr.split('\n').filter((line) => line.startsWith('::Connection Trace'))
  return { code, signal, reports, stderr, ms: performance.now() - sent }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

test.each(SIGNALS)('%s ends a blocked program, under register and under run', async (signal) => {
  const [registered, run] = await Promise.all([
    end([...REGISTER, 'blocked'], [signal]),
    end([...RUN, 'blocked'], [signal]),
  ])
  expect([registered.signal, run.signal]).toEqual([signal, signal])
  expect([registered.reports, run.reports]).toEqual([[], []])
  expect(registered.ms).toBeLessThan(1_500)
  expect(run.ms).toBeLessThan(4_000)
})

test.each(SIGNALS)(
  '%s: run prints the report first; register dies at once, or prints where it is asked to',
  async (signal) => {
    const [registered, run, asked] = await Promise.all([
      end([...REGISTER, 'idle'], [signal]),
      end([...RUN, 'idle'], [signal]),
      end([...REGISTER, 'idle'], [signal], { CURSORLEAK_CATCH_SIGNALS: 'on' }),
    ])
    expect([registered.signal, run.signal, asked.signal]).toEqual([signal, signal, signal])
    expect([registered.reports, run.reports, asked.reports]).toEqual([[], [LEAK], [LEAK]])
    // A process that waits for nobody but its report asks the server for its counts; one that dies by itself does not.
    expect(run.stderr).toContain('of them known here')
    expect(asked.stderr).toContain('; the server was not asked')
  },
)

test.each(SIGNALS)('%s: a program that handles it ends in its own way, with one report', async (signal) => {
  const env = { CURSORLEAK_CATCH_SIGNALS: 'on' }
  const all = await Promise.all([
    end([...REGISTER, 'own'], [signal]),
    end([...RUN, 'own'], [signal]),
    end([...REGISTER, 'own'], [signal], env),
  ])
  expect(all.map(({ code, reports }) => [code, reports])).toEqual([1, 2, 3].map(() => [7, [LEAK]]))
})

test('SIGUSR2 prints and ends nothing; what is blocked then is ended by the next signal', async () => {
  const env = { CURSORLEAK_IDLE_MS: '0' }
  const [registered, run, blocked] = await Promise.all([
    end([...REGISTER, 'idle'], ['SIGUSR2', 'SIGTERM'], env),
    end([...RUN, 'idle'], ['SIGUSR2', 'SIGTERM'], env),
    end([...RUN, 'blocked'], ['SIGUSR2', 'SIGTERM'], env),
  ])
  expect([registered.signal, run.signal, blocked.signal]).toEqual(['SIGTERM', 'SIGTERM', 'SIGTERM'])
  expect([registered.reports, run.reports, blocked.reports]).toEqual([[LEAK], [LEAK, LEAK], []])
})

test('a second signal does not wait for the report', async () => {
  const { signal, ms } = await end([...RUN, 'blocked'], ['SIGTERM', 'SIGHUP'])
  expect(signal).toMatch(/^SIG(TERM|HUP)$/)
  expect(ms).toBeLessThan(900)
})
