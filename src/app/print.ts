import { options } from '../options.ts'
import { jsonLine } from '../report/printable.ts'
import { reportText } from '../report/text.ts'
import type { TraceReport } from '../report/traced.ts'
import { write } from '../say.ts'
import { checkNames, shown, word } from '../shown.ts'
import { state } from '../state.ts'
import { collect } from './collect.ts'
import { lookAll } from './look.ts'
import { tellNew } from './tell.ts'

export interface PrintOptions {
  /** `text` for a person, `json` for one line of JSON. Default: the option `format`. */
  format?: 'text' | 'json'
  /** Milliseconds that something has to be left alone to count as leaked. Default: the option `idleMs` (1000). */
  idleMs?: number
}

/**
 * Prints to stderr what is probably leaked in this process now, by creation site, and returns the same as data. Neither
 * waits nor asks the server, and closes nothing. Before `startTrace()` there is nothing to see: it says so.
 * @throws a `TypeError` for an option that can't be used
 */
export function printTrace(given: PrintOptions = {}): TraceReport {
  checkNames(given, ['format', 'idleMs'], 'cursorleak: printTrace()')
  const { format = options().format, idleMs = options().idleMs } = given
  if (format !== 'text' && format !== 'json') {
    throw new TypeError(`cursorleak: printTrace(): format is ${word(format)}; allowed: 'text' or 'json'`)
  }
  if (!(typeof idleMs === 'number' && idleMs >= 0)) {
    throw new TypeError(`cursorleak: printTrace(): idleMs is ${shown(idleMs)}; allowed: milliseconds from 0`)
  }
  const { app, sink } = state()
  if (!sink) write('cursorleak: nothing is traced: call startTrace() before connecting')
  if (app) lookAll(app)
  const report = collect({ idleMs })
  write(format === 'json' ? jsonLine(report) : reportText(report))
  if (app) tellNew(0, idleMs)
  return report
}
