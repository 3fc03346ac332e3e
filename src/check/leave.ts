import { userFrames } from '../report/frames.ts'
import { isByModule } from '../report/module-frames.ts'
import { mapped } from '../report/source.ts'
import { state } from '../state.ts'
import { readTheSame } from '../trace/reads.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Scope } from '../trace/scope.ts'
import { stackText } from '../trace/stack.ts'
import { suspects } from './judge.ts'

/**
 * Hands over to the file what may outlive this test by its nature: what a module's body opened is every test's; a change
 * stream or tailable cursor that a hook, a handler or nobody's context opened may be a shared app's. A session is only
 * warned about, which can wait until the file is over, when it may have been ended after all.
 */
export function leaveToFile(scope: Scope): void {
  for (const { record, level, verdict } of suspects(scope.records, true)) {
    const stack = mapped(stackText(record.trace))
    if (isByModule(stack)) {
      leaveModules(record, scope)
      continue
    }
    const isSession = record.kind === 'session'
    if (isSession && level !== 'fail' && !record.beforeSweep) move(record, scope)
    else if ((verdict.waits || isSession) && isShareable(record, stack, scope)) {
      move(record, scope)
      // Which test it came from is all that is left of a guess, too.
      if (record.guessed) delete record.note
      record.note ??= noteOf(record, scope.name)
    }
  }
}

/** What a module's body opens is there for all who load it, and was opened by no test. */
function leaveModules(record: LiveRecord, scope: Scope): void {
  move(record, scope)
  delete record.by
  record.note = `opened by the body of a module, which the test "${scope.name}" was the first to load`
}

/**
 * Opened by the test's own body it is the test's. What a hook opens anew for each test is that test's, too: told by the
 * whole way to its line, since one helper serves many hooks, and by what it reads, since one that another test has not got
 * so far may be kept by a key. An app may open several from one line for its first test.
 */
function isShareable(record: LiveRecord, stack: string | undefined, scope: Scope): boolean {
  if (record.guessed || record.by === 'handler') return true
  if (record.by !== 'hook') return false
  const { file = state().file } = scope
  const way = userFrames(stack, true).join('\n')
  file.fromHooks ??= new Map()
  const open = (file.fromHooks.get(way) ?? []).filter((one) => file.records.has(one.record))
  if (open.some((one) => one.test !== scope && readTheSame(one.record, record))) return false
  file.fromHooks.set(way, [...open, { record, test: scope }])
  return true
}

const noteOf = ({ by, guessed }: LiveRecord, test: string | undefined): string =>
  `opened by a ${by === 'hook' ? 'hook' : 'request'} ${guessed ? 'while' : 'of'} the test "${test}"${guessed ? ' ran' : ''}; it may be meant for others, too`

/** Makes another scope answer for it: the file, for what a test leaves. */
export function move(record: LiveRecord, from: Scope, to = state().file): void {
  from.records.delete(record)
  record.scope = to
  if (from.kind === 'test') record.test ??= from.name
  to.records.add(record)
}

/** What a fixture opened that is torn down behind its test's check: one that an `aroundEach` uses. */
export function leaveFixtures(scope: Scope): void {
  for (const record of scope.records) {
    if (!record.fixture || record.fixture.over) continue
    move(record, scope)
    record.note ??= `opened by a fixture of the test "${scope.name}", which is torn down behind it`
  }
}
