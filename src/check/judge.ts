import { now } from '../clock.ts'
import { lastOptions } from '../options.ts'
import { linesFile, note } from '../report/baseline.ts'
import { isPassing, libraryOf, siteOf, userFrames } from '../report/frames.ts'
import { isOfGenerator } from '../report/generator.ts'
import { isIgnored } from '../report/ignore.ts'
import { isKnown } from '../report/known.ts'
import type { Leak, LeakKind, LeakLevel, Site } from '../report/leak.ts'
import { ONE } from '../report/message.ts'
import { mapped } from '../report/source.ts'
import { guard, sayFault } from '../say.ts'
import { state } from '../state.ts'
import { FIX_GENERATOR, isInTests } from '../trace/advice.ts'
import type { LiveRecord } from '../trace/record.ts'
import type { Verdict } from '../trace/resources/resource.ts'
import { isLeftToTeardown } from '../trace/resources/swept.ts'
import { stackText, type Trace } from '../trace/stack.ts'

export interface Suspect {
  record: LiveRecord
  verdict: Verdict
  level: LeakLevel
  /** Its collection's indexes could not be asked, so that it may be clean. */
  unsure?: true
  /** Holds nothing so far, but its first reply may come: its level is that of what it is then. */
  begins?: true
}

const RANK: Record<LeakLevel, number> = { off: 0, warn: 1, fail: 2 }
const lower = (a: LeakLevel, b: LeakLevel): LeakLevel => (RANK[a] < RANK[b] ? a : b)

/**
 * Judges records by the driver's fields, now, by the options its caller asked for. What is off, settled or allowed is left out.
 * @param withBeginning also what is only about to be open
 */
export function suspects(records: Iterable<LiveRecord>, withBeginning = false): Suspect[] {
  const found: Suspect[] = []
  const { levels } = lastOptions()
  for (const record of records) {
    if (record.settled || record.acquitted || record.opener?.allowed) continue
    const verdict = judgeOnce(record)
    if (!verdict) continue
    const begins = withBeginning && verdict.state === 'idle' && (verdict.waits || verdict.starting)
    const level = levelOf(record, begins ? { ...verdict, state: 'open' } : verdict, levels)
    if (level !== 'off') found.push({ record, verdict, level, ...(begins ? { begins: true } : {}) })
  }
  return found
}

/** What can't be judged, by a fault of ours, is told once, costs no other object's verdict, and counts as not checked. */
function judgeOnce(record: LiveRecord): Verdict | undefined {
  try {
    return record.resource.judge(record)
  } catch (error) {
    sayFault('internal fault while judging; this object is not checked', error)
    // In a file's outcome it is told in any case, and a record that is odd stays odd.
    record.settled = true
    const { file } = state()
    file.unchecked = (file.unchecked ?? 0) + 1
    return undefined
  }
}

type Judged = Pick<LiveRecord, 'kind' | 'scope'> & Partial<Pick<LiveRecord, 'late' | 'by' | 'beforeSweep' | 'kept'>>

/** The lower of the state's and the kind's level, and of what the circumstances allow. */
export function levelOf(
  record: Judged,
  { state, waits, proven, unanswered }: Pick<Verdict, 'state' | 'waits' | 'proven' | 'unanswered'>,
  levels = lastOptions().levels,
): LeakLevel {
  if (unanswered) return 'off'
  const { kind, scope, late, beforeSweep, by, kept } = record
  const own = levels[kind] ?? 'off'
  const level = lower(levels[state] ?? 'off', own)
  // A change stream of a module is the next file's, too, as is what was kept. A fixture of the file is over with it.
  const isShared = (waits || kept) && scope.shared && by !== 'fixture'
  // What is alive by a fault of the driver's: the code is right.
  const most = late || proven || scope.worker || isShared ? 'warn' : scope.failed ? levels.afterFailure : 'fail'
  if (!beforeSweep || level === 'off') return lower(level, most ?? 'fail')
  // What the set-up's close took away is the code's leak; a shutdown by the code itself, or of what the set-up opened, is tidy.
  const isCodes = isLeftToTeardown(record)
  if (state === 'swept') return lower(lower(isCodes ? 'fail' : level, own), most ?? 'fail')
  return lower(isCodes ? level : lower(level, levels.swept ?? 'off'), most ?? 'fail')
}

/** What of a record and its verdict makes the data of a leak: also known of an object that is gone. */
export interface Evidence {
  record: Pick<LiveRecord, 'kind' | 'trace' | 'builtAt' | 'scope' | 'test' | 'note'> &
    Partial<Pick<LiveRecord, 'lastUse' | 'uses' | 'beforeSweep' | 'behindClient' | 'by' | 'starts' | 'iterated'>>
  verdict: Omit<Verdict, 'askUnique'>
  level: LeakLevel
  /** Only a warning for a reason of its own, which its notes say. */
  unsure?: true
}

/** Turns a suspect into plain data. Formats (and source-maps) its stack, so only for what is reported. */
export function toLeak(evidence: Evidence): Leak {
  const { record, verdict, level } = evidence
  const test = record.test ?? (record.scope.kind === 'test' ? record.scope.name : undefined)
  const { stack, frames, use } = guard('placing a leak', () => placesOf(record, verdict.started)) ?? NOWHERE
  const library = libraryOf(frames.join('\n'))?.name
  const isLeft = verdict.state === 'open' || verdict.state === 'abandoned'
  const isGenerators = isLeft && record.kind === 'cursor' && isOfGenerator(stack, frames[0], stackText(record.trace))
  return {
    kind: record.kind,
    state: verdict.state,
    level: library ? lower(level, lastOptions().levels.library ?? 'fail') : level,
    namespace: verdict.namespace,
    operation: verdict.operation,
    createdAt: siteOf(frames),
    stack: frames.join('\n'),
    ...use,
    documentsRead: verdict.documentsRead,
    ...(verdict.asked ? { asked: true } : {}),
    ...(verdict.batch === undefined ? {} : { batch: verdict.batch }),
    ...(verdict.cursorId === undefined ? {} : { cursorId: verdict.cursorId }),
    ageMs: Math.round(now() - record.builtAt),
    ...(test === undefined ? {} : { test }),
    count: 1,
    fix: isGenerators ? FIX_GENERATOR : (library && ofLibrary(library, record.kind, verdict)) || verdict.fix,
    notes: [
      ...(verdict.notes ?? []),
      ...(record.note ? [record.note] : []),
      ...orderOf(record),
      ...advice(evidence, isGenerators),
    ],
  }
}

/**
 * What the user of a package can do, who has neither its code nor, mostly, the object. How reads and closes follow each
 * other may be the user's own code: that advice stays as it is.
 */
function ofLibrary(library: string, kind: LeakKind, { state: is, started }: Evidence['verdict']): string | undefined {
  if (started !== undefined || is === 'unkilled' || is === 'lost' || is === 'busy') return undefined
  const end = kind === 'session' ? 'end' : 'close'
  return `${end} what ${library} gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to`
}

interface Places {
  stack: string | undefined
  frames: string[]
  use: Pick<Leak, 'lastUse' | 'usesSince' | 'started' | 'startedAgain'>
}
/** A leak whose stack we can't read is told without its line. */
const NOWHERE: Places = { stack: undefined, frames: [], use: {} }

function placesOf(record: Evidence['record'], started: number | undefined): Places {
  const stack = mapped(stackText(record.trace))
  const frames = userFrames(stack, record.kind !== 'client' && record.kind !== 'session')
  return { stack, frames, use: started === undefined ? lastUseOf(record) : startsOf(record, started) }
}

const TO_FAIL = "; `levels: { swept: 'fail' }` makes it fail"
const HANGS = 'it keeps this process from ending by itself ("did not exit")'
const KEEP = 'if it is meant to live on after this test: open it in a `beforeAll`, or hand it to the file with `keep()`'
const LOOP = 'if its loop goes on after this: await the work that reads it, before the test ends'
const KEEP_IN_RUN = 'if it is meant to live on after this file: hand it over with `keep()`'
const KEEP_FIXTURE = "if it is meant to live on after this test: give its fixture `scope: 'file'`"
const OF_WORKER =
  'opened by a fixture of `worker` scope; only a warning, since Vitest drops what fails at the end of a worker'

/**
 * What fits these circumstances alone. What waits, and a plain cursor of a hook or a generator, may be meant for later
 * tests; of a body's own cursor its owner's later close tells.
 */
function advice(
  { record, verdict: { state: is, waits, started }, level, unsure }: Evidence,
  isGenerators: boolean,
): string[] {
  if (record.scope.worker) return [OF_WORKER]
  if (record.kind === 'client') return state().hangs && is === 'open' ? [HANGS] : []
  const isTidy = isInTests() && record.beforeSweep !== undefined && !isLeftToTeardown(record)
  if (unsure) return []
  if (isTidy && level === 'warn' && record.kind !== 'session') return [`${whyWarned(record)}${TO_FAIL}`]
  if (level !== 'fail') return []
  if (record.scope.kind === 'file') return isForLaterFiles(record, is) ? [KEEP_IN_RUN] : []
  const loop = record.iterated && started === undefined && (is === 'open' || is === 'abandoned') ? [LOOP] : []
  if (record.by === 'fixture') return waits ? [KEEP_FIXTURE] : loop
  const isHooks = record.by === 'hook' && !state().untold
  return waits || isHooks || isGenerators ? [...loop, KEEP] : loop
}

/** Where files share their modules, what no test's body has opened may be there for the next file, too. */
const isForLaterFiles = ({ scope, by, beforeSweep }: Evidence['record'], is: Verdict['state']): boolean =>
  scope.shared === true && (by === undefined || by === 'hook') && !beforeSweep && (is === 'open' || is === 'abandoned')

/** The user's line that closed it; undefined where the driver did. */
export function closedAt(trace: Trace): Site | undefined {
  const site = siteOf(userFrames(mapped(stackText(trace)), false))
  return site && !isPassing(site.file) ? site : undefined
}

/** Closed by its owner, in the wrong order. */
const orderOf = ({ kind, behindClient }: Evidence['record']): string[] =>
  behindClient?.some(closedAt) ? [`its client was closed before it was: close the ${ONE[kind]} first`] : []

const whyWarned = ({ beforeSweep, by }: Evidence['record']): string =>
  beforeSweep?.tornDown
    ? by === 'fixture'
      ? 'only a warning, since no test opened it: a fixture did, and a hook or fixture closed its client'
      : 'only a warning, since no test opened it: a hook or module did, and a hook closed its client'
    : 'only a warning, since the code under test closed its client itself'

/** Where it was read later on; nothing where the driver reads by itself (a stream). */
function lastUseOf({ lastUse, uses = 0 }: Evidence['record']): Pick<Leak, 'lastUse' | 'usesSince'> {
  const site = lastUse && siteOf(userFrames(mapped(stackText(lastUse.trace)), false))
  return !site || isPassing(site.file) ? {} : { lastUse: site, usesSince: uses - lastUse.at }
}

/** A fault of the driver's that no code can mend is told once for each line that meets it. */
export function onceASite<T extends { suspect: Suspect; leak: Leak }>(list: readonly T[]): T[] {
  const { said } = state()
  const isNew = list.filter(({ suspect, leak }) => !suspect.verdict.proven || !said.has(provenAt(leak)))
  for (const { suspect, leak } of isNew) if (suspect.verdict.proven) said.add(provenAt(leak))
  return isNew
}

const provenAt = ({ operation, createdAt }: Leak): string =>
  `${operation} alive at ${createdAt?.file}:${createdAt?.line}:${createdAt?.column}`

/** How often it was started at once, and where it was started again. */
function startsOf({ starts }: Evidence['record'], started: number): Pick<Leak, 'started' | 'startedAgain'> {
  const site = starts?.again && siteOf(userFrames(mapped(stackText(starts.again)), false))
  return { started, ...(!site || isPassing(site.file) ? {} : { startedAgain: site }) }
}

/** Drops what its package's level, an `ignore` rule or the baseline leaves out; needs the stack, so only for what looks leaked. */
export function isNews(leak: Leak): boolean {
  const { ignore, baseline } = lastOptions()
  if (leak.level === 'off' || isIgnored(leak, ignore)) return false
  const lines = linesFile()
  if (baseline === undefined) return true
  if (lines === undefined) return !isKnown(leak, baseline)
  note(leak, lines, baseline)
  return false
}
