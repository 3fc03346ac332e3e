// @ts-check
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** @typedef {import('./verdict.mjs').Report} Report */

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Runs Vitest in a project, on this terminal, and reads its JSON report.
 * @param {string} root
 * @param {string} uri of the server
 * @returns {Promise<{ report: Report, ms: number }>}
 */
export async function runVitest(root, uri) {
  const folder = await mkdtemp(join(tmpdir(), 'cursorleak-demo-'))
  try {
    const json = join(folder, 'report.json')
    const start = performance.now()
    await run(['run', '--root', root, '--reporter=default', '--reporter=json', `--outputFile.json=${json}`], uri)
    const ms = performance.now() - start
    return { report: await readReport(json), ms }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string[]} args
 * @param {string} uri
 * @returns {Promise<void>}
 */
function run(args, uri) {
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json')
  // The demo shows the defaults, whatever this shell has set.
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('CURSORLEAK'))
  const env = { ...Object.fromEntries(clean), MONGODB_URI: uri }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(dirname(manifest), 'vitest.mjs'), ...args], { env, stdio: 'inherit' })
    /** @type {NodeJS.Signals | undefined} */
    let stoppedBy
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      stoppedBy = signal
      // Ctrl-C in a terminal has reached Vitest already; a second one would cut its clean-up short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of SIGNALS) process.on(signal, pass)
    child.once('error', reject)
    child.once('exit', () => {
      for (const signal of SIGNALS) process.off(signal, pass)
      if (stoppedBy) reject(new Error(`demo: stopped by ${stoppedBy}`))
      else resolve()
    })
  })
}

/**
 * @param {string} file
 * @returns {Promise<Report>}
 */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new Error('demo: Vitest ended without a report', { cause: error })
  }
}
