import { every } from '../clock.ts'
import { options } from '../options.ts'
import { hasListener } from '../report/announce.ts'
import { noteChecked } from '../report/baseline.ts'
import { jsonLine } from '../report/printable.ts'
import { reportText } from '../report/text.ts'
import { guard, inBackground, write } from '../say.ts'
import { state } from '../state.ts'
import { type App, newApp } from '../trace/app.ts'
import { isHookable } from '../trace/hook.ts'
import { sayIfBlind } from '../trace/registry.ts'
import { collect } from './collect.ts'
import { confirmEarly } from './early.ts'
import { lookAll } from './look.ts'
import { findOlder } from './older.ts'
import { askTrace } from './print.ts'
import { lookAtReported, tellReturned } from './returned.ts'
import { tellNew } from './tell.ts'

/** How often it is looked at what is open; nothing is asked of the server. */
const TICK_MS = 1_000
/** With a listener and no `olderThanMs`. */
const DEFAULT_OLDER_MS = 60_000

/** Says that this process is a running app: no test judges what it opens. Its timers keep no process alive. */
export function beginApp(): void {
  const current = state()
  if (current.app) return
  const app = newApp(tellReturned)
  current.app = app
  guard('writing a baseline', noteChecked)
  app.stops.push(every(TICK_MS, () => guard('looking at what is open', () => tick(app))))
  const { everyMs } = options()
  if (everyMs > 0) app.stops.push(every(everyMs, () => void inBackground('printing a report', printIfLeaked)))
}

/** Ends it, and takes back the timers and listeners. */
export function endApp(): void {
  const current = state()
  for (const stop of current.app?.stops.splice(0) ?? []) stop()
  current.app = undefined
}

function tick(app: App): void {
  const { file } = state()
  // One question for each namespace in which cursors were closed early since the last: a report that can't wait has it.
  if (file.early?.length) void inBackground('asking about closed cursors', () => confirmEarly(state()))
  // By now whoever wants to has called `instrument()`.
  if (!isHookable()) sayIfBlind()
  lookAll(app)
  findOlder(state())
  lookAtReported(app)
  const { olderThanMs, idleMs } = options()
  if (olderThanMs === 0 && !hasListener()) return
  const leaks = tellNew(olderThanMs || DEFAULT_OLDER_MS, idleMs)
  if (leaks.length === 0 || olderThanMs === 0) return
  const leaked = leaks.reduce((sum, { count }) => sum + count, 0)
  const report = { ...collect({ idleMs }), leaked, leaks, waiting: [], clients: [] }
  write(options().format === 'json' ? jsonLine(report) : reportText(report))
}

async function printIfLeaked(): Promise<void> {
  if (collect({ idleMs: options().idleMs }).leaked > 0) await askTrace()
}
