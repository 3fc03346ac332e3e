import { isMainThread } from 'node:worker_threads'
import { readFileSync } from '../native.ts'

/** Holds the id of the process that runs tests: what it starts inherits it. */
const MARK = 'CURSORLEAK_NODE_TEST'

/**
 * Whether tests run in this process. `--import` reaches further: the runner's own process, which starts one for each
 * file, and the workers and forks of a test. Hooks registered there would make those print a test report of their own.
 */
export function runsTests(): boolean {
  const { env, execArgv } = process
  if (!isMainThread) return false
  if (process.channel && isFork()) return false
  if (env.NODE_TEST_CONTEXT !== undefined) return true
  return !execArgv.includes('--test') || sharesProcess()
}

/** From now on what this process starts can tell that it is no test file. */
export function markProcess(): void {
  process.env[MARK] = String(process.pid)
}

/**
 * With a channel, this is what a test forked, or a test file that was started by a tool: a task runner, an IDE, coverage,
 * and node:test itself with `--watch`.
 */
function isFork(): boolean {
  const { env } = process
  if (env[MARK] !== undefined && env[MARK] !== String(process.pid)) return true
  if (env.NODE_TEST_CONTEXT !== undefined) return !env.WATCH_REPORT_DEPENDENCIES
  // A test may fork with an environment of its own: a test file names the module.
  return !/['"](node:)?test['"]/.test(scriptText())
}

function scriptText(): string {
  try {
    return readFileSync(process.argv[1] ?? '', 'utf8')
  } catch {
    // No script, as with --eval: there is nothing that could be a test file.
    return ''
  }
}

/** `--test-isolation=none`, on 22 `--experimental-test-isolation=none`: every file runs in the runner's own process. */
export function sharesProcess(): boolean {
  return process.execArgv.some((argument, i) => {
    const [flag, value = process.execArgv[i + 1]] = argument.split('=')
    return /^--(experimental-)?test-isolation$/.test(flag ?? '') && value === 'none'
  })
}
