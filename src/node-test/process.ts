import { isMainThread } from 'node:worker_threads'

/**
 * Whether tests run in this process. `--import` reaches further: the runner's own process, which starts one for each
 * file, and the workers and forks of a test. Hooks registered there would make those print a test report of their own.
 */
export function runsTests(): boolean {
  const { env, execArgv } = process
  if (!isMainThread) return false
  // Children of the runner have a channel only with --watch.
  if (process.channel && !env.WATCH_REPORT_DEPENDENCIES) return false
  if (env.NODE_TEST_CONTEXT !== undefined) return true
  return !execArgv.includes('--test') || sharesProcess()
}

/** `--test-isolation=none`, on 22 `--experimental-test-isolation=none`: every file runs in the runner's own process. */
export function sharesProcess(): boolean {
  return process.execArgv.some((argument, i) => {
    const [flag, value = process.execArgv[i + 1]] = argument.split('=')
    return /^--(experimental-)?test-isolation$/.test(flag ?? '') && value === 'none'
  })
}
