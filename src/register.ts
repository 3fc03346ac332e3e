import { isMainThread } from 'node:worker_threads'
import { answerRun, RUN_FOLDER } from './app/asked.ts'
import { askTrace, printTrace } from './app/print.ts'
import { beforeDeath, onSignal } from './app/signals.ts'
import { options } from './options.ts'
import { errorText, guard, inBackground, sayOnce } from './say.ts'
import { state } from './state.ts'
import { isHookable } from './trace/hook.ts'
import { sayIfBlind } from './trace/registry.ts'
import { startTrace } from './trace.ts'
import { sayIfRegistered } from './wrong-setup.ts'

/** The plugin layer: `configure()` in the program and the environment both win over it. */
function register(): void {
  const current = state()
  if (current.app) return
  current.options.plugin = { detail: 'sample', ...current.options.plugin }
  delete current.options.cache
  if (!options().enabled) return
  guard('looking for a runner', sayIfRegistered)
  startTrace()
  const stops = state().app?.stops ?? []
  const atExit = (): void => {
    // Nothing will read on any more: what was used a moment ago counts too.
    const { app } = state()
    if (!isHookable()) sayIfBlind()
    if (app && (current.seen.cursors > 0 || app.clients.size > 0))
      guard('printing a report', () => printTrace({ idleMs: 0 }))
  }
  const beforeSignal = async (): Promise<void> => {
    if (current.seen.cursors > 0 || state().app?.clients.size) await askTrace({ idleMs: 0 })
  }
  process.once('exit', atExit)
  stops.push(() => process.off('exit', atExit))
  if (!isMainThread) return
  const atSignal = (): void => void inBackground('printing a report', () => askTrace())
  stops.push(onSignal(process.env.CURSORLEAK_SIGNAL?.trim() || 'SIGUSR2', atSignal))
  // A listener takes the default away: a program whose event loop is blocked would not die of the signal any more.
  if (options().catchSignals) stops.push(beforeDeath(atExit))
  const folder = process.env[RUN_FOLDER]
  const stop = folder && guard('answering cursorleak run', () => answerRun(folder, beforeSignal))
  if (stop) stops.push(stop)
}

try {
  register()
} catch (error) {
  // A wrong option: said in one sentence; the program itself is none of our business and runs on.
  sayOnce(`${errorText(error).replace(/^(CursorLeakOptionError: )?cursorleak: /, '')}; nothing is traced`)
}
