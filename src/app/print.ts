import { within } from '../clock.ts'
import { merge, options, setStarted } from '../options.ts'
import { jsonLine } from '../report/printable.ts'
import { reportText } from '../report/text.ts'
import type { ServerCounts, TraceReport } from '../report/traced.ts'
import { guardAsync, inBackground, write } from '../say.ts'
import { checkNames, shown, word } from '../shown.ts'
import { state } from '../state.ts'
import { collect } from './collect.ts'
import { confirmEarly } from './early.ts'
import { lookAll } from './look.ts'
import { askServers } from './servers.ts'
import { tellNew } from './tell.ts'

export interface PrintOptions {
  /** `text` for a person, `json` for one line of JSON. Default: the option `format`. */
  format?: 'text' | 'json'
  /** Milliseconds that something has to be left alone to count as leaked. Default: the option `idleMs` (1000). */
  idleMs?: number
}

/**
 * Prints to stderr what is probably leaked in this process now, by creation site, and returns the same as data. Neither
 * waits nor asks the server, which the report says, and closes nothing: `askTrace()` asks. Before `startTrace()` there is
 * nothing to see: it says so.
 * @throws a `TypeError` for an option that can't be used
 */
export function printTrace(given: PrintOptions = {}): TraceReport {
  return withOwn(() => print(resolved(given, 'printTrace()')))
}

/** All questions to servers have so long together; a report that a signal waits for is printed within it, too. */
const ASK_MS = 500

/**
 * Like `printTrace()`, after it has asked: each server for its own counts of open cursors, sessions and connections, which
 * the report sets beside those known here, and with `confirm` about the cursors that were closed early. Servers that do
 * not answer within half a second are named, and the report is printed all the same.
 * @throws a `TypeError` for an option that can't be used: the promise is rejected with it
 * @example
 * app.get('/trace', async () => (await askTrace()).servers)
 */
export async function askTrace(given: PrintOptions = {}): Promise<TraceReport> {
  const wanted = withOwn(() => resolved(given, 'askTrace()'))
  const current = state()
  const [servers] = await Promise.all([
    guardAsync('asking the servers', () => askServers(current, ASK_MS)),
    current.app && inBackground('asking about closed cursors', () => within(confirmEarly(current), ASK_MS)),
  ])
  return withOwn(() => print(wanted, servers))
}

/** Beside a test runner's check an app's options hold for its own report only. */
function withOwn<T>(print: () => T): T {
  const { users, options: layers } = state()
  const { started, startedAt } = layers
  setStarted(merge(started, users.own))
  try {
    return print()
  } finally {
    setStarted(started, startedAt)
  }
}

interface Wanted {
  format: 'text' | 'json'
  idleMs: number
}

function resolved(given: PrintOptions, call: string): Wanted {
  const own = checkNames(given, ['format', 'idleMs'], `cursorleak: ${call}`)
  const { format = options().format, idleMs = options().idleMs } = own
  if (format !== 'text' && format !== 'json') {
    throw new TypeError(`cursorleak: ${call}: format is ${word(format)}; allowed: 'text' or 'json'`)
  }
  if (!(typeof idleMs === 'number' && idleMs >= 0)) {
    throw new TypeError(`cursorleak: ${call}: idleMs is ${shown(idleMs)}; allowed: milliseconds from 0`)
  }
  return { format, idleMs }
}

function print({ format, idleMs }: Wanted, servers?: ServerCounts[]): TraceReport {
  const { app, sink } = state()
  if (!sink) write('cursorleak: nothing is traced: call startTrace() before connecting')
  if (app) lookAll(app)
  const report = { ...collect({ idleMs }), ...(servers ? { servers } : {}) }
  write(format === 'json' ? jsonLine(report) : reportText(report))
  if (app) tellNew(0, idleMs)
  return report
}
