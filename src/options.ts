import { types } from 'node:util'
import type { Leak, LeakKind, LeakLevel, LeakState } from './report/leak.ts'
import { printable } from './report/printable.ts'
import { shown } from './shown.ts'
import { state } from './state.ts'
import { isPlain } from './trace/fields.ts'
import type { Trace } from './trace/stack.ts'

/** What to leave out of the check. A string or expression is matched against namespace, creating function and file. */
export type IgnoreRule = string | RegExp
/** A predicate over a leak; goes through `configure()` only, functions don't travel to a runner's workers. */
export type IgnorePredicate = (leak: Leak) => boolean

/**
 * How loud each state and kind is; where both say something, the lower one counts. `afterFailure` is the most for a test
 * that failed by itself: an assertion that fails often skips the `close()`. `library` is the most for what a package's own
 * code created.
 */
export type Levels = Partial<Record<LeakState | LeakKind | 'afterFailure' | 'library', LeakLevel>>

export interface Options {
  /**
   * Whether anything is traced and checked at all. Env: `CURSORLEAK=off|on|verbose`; `verbose` also prints what was seen.
   * @default true
   */
  enabled?: boolean
  /**
   * Levels by state and by kind. Env: `CURSORLEAK_LEVELS=swept:fail,session:off`.
   * @default open, abandoned, lost, cursor, changeStream, afterFailure and library fail; busy, swept, unkilled, session and client warn; idle and unfinished are off
   */
  levels?: Levels
  /**
   * Milliseconds to wait, only when something looks leaked, for a close that is on its way. Env: `CURSORLEAK_SETTLE_MS`.
   * @default 100
   */
  settleMs?: number
  /**
   * Close what has failed a test, once its file is over, so that it does not hang the run; until then it stays as the test left it. Env: `CURSORLEAK_CLOSE_LEAKED=on|off`.
   * @default true
   */
  closeLeaked?: boolean
  /**
   * Ask the server, at the end of each test (in a running app once a second), about the cursors that were closed before
   * their end: one `killCursors` for each collection. Finds `unkilled`, which nothing on the client shows. Env: `CURSORLEAK_CONFIRM=on|off`.
   * @default false
   */
  confirm?: boolean
  /**
   * What not to report: namespaces (`shop.orders`), creating functions, or parts of a file's path (a package's name).
   * Env: `CURSORLEAK_IGNORE=shop.audit,legacyExport`.
   * @default []
   */
  ignore?: ReadonlyArray<IgnoreRule | IgnorePredicate> | IgnoreRule | IgnorePredicate
  /**
   * A file of known leaks, written by `cursorleak baseline`: only leaks that it does not name are reported, and known ones
   * are left as they are. For adopting the check in a suite that leaks already. Env: `CURSORLEAK_BASELINE`.
   * @default undefined
   */
  baseline?: string
  /**
   * Stack frames kept of each creation; more frames reach further up through helpers and cost more. Env: `CURSORLEAK_STACK_DEPTH`.
   * @default 24
   */
  stackDepth?: number
  /**
   * Creation sites reported one by one for each test; the others are counted in a last line. Env: `CURSORLEAK_MAX_REPORTED`.
   * @default 10
   */
  maxReported?: number
  /**
   * How much is kept of each object. `full`: the object and its stack. `sample`: a weak reference, and the stack of one
   * in `sampleEvery` (always of the first 128 and of every client). `count`: no stack. `off`: nothing is noted.
   * Only `full` can judge a test. Env: `CURSORLEAK_DETAIL`.
   * @default full; sample in `cursorleak/register`
   */
  detail?: Detail
  /**
   * With `detail: 'sample'`: one stack is kept for this many objects. Env: `CURSORLEAK_SAMPLE_EVERY`.
   * @default 128
   */
  sampleEvery?: number
  /**
   * In a running app: milliseconds that a cursor has to be left alone before it counts as leaked; until then somebody
   * may be working on its last document. Not used at the end of the process. Env: `CURSORLEAK_IDLE_MS`.
   * @default 1000
   */
  idleMs?: number
  /**
   * In a running app: tell each leak once, by itself, when it is older than this many milliseconds; 0 never does.
   * With an `onLeak` or a subscriber of the channel, 0 means a minute. Env, in seconds: `CURSORLEAK_OLDER_THAN`.
   * @default 0
   */
  olderThanMs?: number
  /**
   * In a running app: print the report every so many milliseconds, 1000 at least; 0 never does. Env, in seconds: `CURSORLEAK_EVERY`.
   * @default 0
   */
  everyMs?: number
  /**
   * In `cursorleak/register`: print the report before the process dies of SIGINT, SIGTERM or SIGHUP, where it handles none
   * of them. The price: Node calls a listener from the event loop, so that a program whose loop is blocked no longer dies
   * of these signals. `cursorleak run` needs it for Ctrl-C in a terminal only. Env: `CURSORLEAK_CATCH_SIGNALS=on|off`.
   * @default false
   */
  catchSignals?: boolean
  /**
   * Form of the report of a running app. Env: `CURSORLEAK_FORMAT`.
   * @default text
   */
  format?: 'text' | 'json'
  /**
   * Writes the creation site (`src/orders.ts:14 oldestOverdue`) into the `comment` of each cursor that has none, for the
   * server's `$currentOp` and profiler. It has to be on before the first cursor is built, and costs each cursor the
   * formatting of its stack. Env: `CURSORLEAK_TAG_COMMENTS=on|off`.
   * @default false
   */
  tagComments?: boolean
  /**
   * Called with the data of each leak that is reported, failures and warnings: at the end of a test or file once for each
   * creation site and its `count`, in a running app when a report tells it. What it throws is said once and goes no
   * further; nothing waits for it. Goes through `configure()` or `startTrace()` only. The channel `cursorleak:leak` of
   * `node:diagnostics_channel` gets the same. What an assertion of yours fails with is not reported by us.
   */
  onLeak?: (leak: Leak) => void
}

export type Detail = 'off' | 'count' | 'sample' | 'full'

export interface ResolvedOptions extends Required<Omit<Options, 'ignore' | 'levels' | 'baseline' | 'onLeak'>> {
  onLeak: ((leak: Leak) => void) | undefined
  baseline: string | undefined
  levels: Record<string, LeakLevel>
  ignore: ReadonlyArray<IgnoreRule | IgnorePredicate>
  verbose: boolean
}

export interface OptionLayers {
  plugin: Options
  configured: Options
  /** Those of `startTrace()`, which end with the trace; what is configured later is not in here any more. */
  started: Options
  /** Where they were given. */
  startedAt?: Trace | undefined
  /** The last resolution, kept while its inputs are the same. */
  cache?: { key: string; resolved: ResolvedOptions }
  /** The last that could be resolved. */
  last?: ResolvedOptions
}

const STATES = ['idle', 'open', 'abandoned', 'lost', 'busy', 'swept', 'unfinished', 'unkilled']
const KINDS = ['cursor', 'changeStream', 'session', 'client']
/** What is no state and no kind, and has a level. */
const CIRCUMSTANCES = ['afterFailure', 'library']
const LEVELS = ['fail', 'warn', 'off']

const DEFAULTS: ResolvedOptions = {
  enabled: true,
  verbose: false,
  levels: {
    ...{ idle: 'off', open: 'fail', abandoned: 'fail', lost: 'fail', busy: 'warn', swept: 'warn' },
    ...{ unfinished: 'off', unkilled: 'warn', cursor: 'fail', changeStream: 'fail', session: 'warn', client: 'warn' },
    ...{ afterFailure: 'fail', library: 'fail' },
  },
  settleMs: 100,
  closeLeaked: true,
  confirm: false,
  ignore: [],
  baseline: undefined,
  stackDepth: 24,
  maxReported: 10,
  detail: 'full',
  sampleEvery: 128,
  idleMs: 1_000,
  olderThanMs: 0,
  everyMs: 0,
  catchSignals: false,
  format: 'text',
  tagComments: false,
  onLeak: undefined,
}

/** An option that can't be used: its message names the option, what was given and what is allowed. */
export class OptionError extends TypeError {
  override name = 'CursorLeakOptionError'
  constructor(option: string, given: unknown, allowed: string, where: string) {
    super(printable(`cursorleak: ${where}: option "${option}" is ${shown(given)}; allowed: ${allowed}`, 2_000))
  }
}

/** Reads and checks options as a user typed them; throws an {@link OptionError} at the first that can't be used. */
export function validate(options: unknown, where: string): Options {
  const own = readOnce(options, where)
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) continue
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof Options] : undefined
    if (!rule)
      throw new OptionError(name, value, `no option of this name; there are ${Object.keys(RULES).join(', ')}`, where)
    if (!rule.test(value)) throw new OptionError(name, value, rule.allowed, where)
  }
  return own as Options
}

/** A getter or a proxy may throw, or answer otherwise the next time: what was checked is what counts. */
function readOnce(options: unknown, where: string): object {
  let own: object | undefined
  try {
    own = isPlain(options) ? mapped(options, copied) : undefined
  } catch {
    throw new OptionError('options', options, 'a plain object whose values can be read', where)
  }
  if (own === undefined) throw new OptionError('options', options, 'a plain object', where)
  return own
}

const copied = (value: unknown): unknown =>
  Array.isArray(value) ? value.slice() : isPlain(value) ? mapped(value, (one) => one) : value

const mapped = (from: object, copy: (value: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, copy(value)]))

interface Rule {
  allowed: string
  test(value: unknown): boolean
}
const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Rule => ({
  allowed: `a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ''}`,
  test: (v) => Number.isInteger(v) && (v as number) >= least && (v as number) <= most,
})
/** What Node's timers, and V8's stack limit, take: a timer of more is one of a millisecond. */
const MAX_32_BIT = 2 ** 31 - 1
/** A report more often than once a second is read by nobody, and would keep the process busy. */
const LEAST_EVERY_MS = 1_000
const oneOf = (...words: string[]): Rule => ({
  allowed: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
  test: (v) => words.includes(v as string),
})
const boolean: Rule = { allowed: 'true or false', test: (v) => typeof v === 'boolean' }
const isText = (v: unknown): boolean => typeof v === 'string' && v.trim() !== ''
/**
 * A slash of either kind alone would be found in every path; an async function answers too late, and a generator with an object. By tag
 * no RegExp is known: it may be a fake.
 */
const isIgnore = (v: unknown): boolean =>
  typeof v === 'string'
    ? /[^\s/\\]/.test(v)
    : types.isRegExp(v) || (typeof v === 'function' && !types.isAsyncFunction(v) && !types.isGeneratorFunction(v))
const PAIRS = `state:level pairs separated by commas; a state (${STATES.join(', ')}), a kind (${KINDS.join(', ')}), ${CIRCUMSTANCES.join(' or ')}, and ${LEVELS.join(', ')}`
const RULES: Record<keyof Options, Rule> = {
  enabled: boolean,
  levels: {
    allowed: `an object from a state (${STATES.join(', ')}), a kind (${KINDS.join(', ')}), ${CIRCUMSTANCES.join(' or ')} to ${LEVELS.join(', ')}`,
    test: (v) =>
      isPlain(v) &&
      Object.entries(v).every(
        ([key, level]) => [...STATES, ...KINDS, ...CIRCUMSTANCES].includes(key) && LEVELS.includes(level as string),
      ),
  },
  settleMs: whole(0, MAX_32_BIT),
  closeLeaked: boolean,
  confirm: boolean,
  ignore: {
    allowed:
      'a string, a regular expression, a function of the leak that answers true or false at once, or an array of these',
    test: (v) => (Array.isArray(v) ? [...v].every(isIgnore) : isIgnore(v)),
  },
  baseline: { allowed: 'the path of a file', test: isText },
  stackDepth: whole(1, MAX_32_BIT),
  maxReported: whole(1),
  detail: oneOf('off', 'count', 'sample', 'full'),
  sampleEvery: whole(1),
  idleMs: whole(0),
  olderThanMs: whole(0),
  everyMs: {
    allowed: `0, or a whole number from ${LEAST_EVERY_MS} to ${MAX_32_BIT}`,
    test: (v) => v === 0 || whole(LEAST_EVERY_MS, MAX_32_BIT).test(v),
  },
  catchSignals: boolean,
  format: oneOf('text', 'json'),
  tagComments: boolean,
  onLeak: { allowed: 'a function of the leak', test: (v) => typeof v === 'function' },
}

/**
 * Sets options for the rest of the test file, in any setup file or test, before or after the entry is imported.
 * Order of precedence: defaults, the plugin's options, `configure()`, the environment.
 * @returns the options that were configured before, so that a test can put them back
 * @throws a `CursorLeakOptionError` that names the option, what was given and what is allowed
 */
export function configure(options: Options): Options {
  const layers = state().options
  const { configured, started } = layers
  const wanted = validate(options, 'configure()')
  layers.configured = merge(configured, wanted)
  layers.started = without(started, wanted)
  delete layers.cache
  return merge(configured, started)
}

/** Sets options for as long as the trace of a running app lasts. */
export function setStarted(started: Options, at?: Trace): void {
  const layers = state().options
  layers.started = started
  layers.startedAt = at
  delete layers.cache
}

export const merge = (a: Options, b: Options): Options => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined)),
  ...(a.levels || b.levels ? { levels: { ...a.levels, ...b.levels } } : {}),
})

/** What of some options others do not set again. */
function without({ levels, ...rest }: Options, others: Options): Options {
  const isSet = (name: string, by: object | undefined): boolean => (by as Record<string, unknown>)?.[name] !== undefined
  const left = (all: object, by: object | undefined): object =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !isSet(name, by)))
  return { ...left(rest, others), ...(levels && { levels: left(levels, others.levels) }) }
}

/** Like {@link options} without a look at the environment: for each object that is built, where that look is the cost. */
export function lastOptions(): ResolvedOptions {
  const layers = state().options
  if (layers.cache) return layers.cache.resolved
  try {
    return options()
  } catch (error) {
    // A wrong variable at this moment is no reason to see less: what was in force before stays, and the check itself throws.
    if (!(error instanceof OptionError)) throw error
    return layers.last ?? DEFAULTS
  }
}

/** The options in force now. Cheap to call: resolved anew only when a layer or the environment changed. */
export function options(): ResolvedOptions {
  const layers = state().options
  const key = ENV.map(([name]) => process.env[name] ?? '').join('\0')
  if (layers.cache?.key === key) return layers.cache.resolved
  const all = [layers.plugin, layers.configured, layers.started, fromEnvironment()].reduce(merge, {})
  const { ignore = [], levels, ...rest } = all
  const resolved: ResolvedOptions = {
    ...DEFAULTS,
    ...rest,
    verbose: isVerbose(),
    levels: { ...DEFAULTS.levels, ...levels },
    ignore: Array.isArray(ignore) ? ignore : [ignore as IgnoreRule],
  }
  layers.cache = { key, resolved }
  layers.last = resolved
  return resolved
}

/** Also asked where there are no options yet: in a reporter's process. */
export const isVerbose = (): boolean => process.env.CURSORLEAK?.trim() === 'verbose'

const words = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)
/** What a person types in seconds is kept in milliseconds, like every other time. */
function seconds(text: string): number {
  const ms = Number(text) * 1_000
  // The least that is not nothing: 0 means never.
  return ms > 0 && ms < 1 ? 1 : Math.round(ms)
}
const onOff = (text: string): unknown => (text === 'on' ? true : text === 'off' ? false : text)
/** `open:fail, swept : off`; what is no pair, and a name that comes twice, is no value at all. */
function pairs(text: string): unknown {
  const all = words(text).map((word) => word.split(':').map((part) => part.trim()))
  const isOk = all.every(({ length }) => length === 2) && new Set(all.map(([name]) => name)).size === all.length
  return isOk ? Object.fromEntries(all) : text
}
const ENV: ReadonlyArray<[string, keyof Options, (text: string) => unknown]> = [
  ['CURSORLEAK', 'enabled', (text) => (text === 'verbose' ? true : onOff(text))],
  ['CURSORLEAK_LEVELS', 'levels', (text) => pairs(text)],
  ['CURSORLEAK_SETTLE_MS', 'settleMs', Number],
  ['CURSORLEAK_CLOSE_LEAKED', 'closeLeaked', onOff],
  ['CURSORLEAK_CONFIRM', 'confirm', onOff],
  ['CURSORLEAK_IGNORE', 'ignore', words],
  ['CURSORLEAK_BASELINE', 'baseline', (text) => text],
  ['CURSORLEAK_STACK_DEPTH', 'stackDepth', Number],
  ['CURSORLEAK_MAX_REPORTED', 'maxReported', Number],
  ['CURSORLEAK_DETAIL', 'detail', String],
  ['CURSORLEAK_SAMPLE_EVERY', 'sampleEvery', Number],
  ['CURSORLEAK_IDLE_MS', 'idleMs', Number],
  ['CURSORLEAK_OLDER_THAN', 'olderThanMs', seconds],
  ['CURSORLEAK_EVERY', 'everyMs', seconds],
  ['CURSORLEAK_CATCH_SIGNALS', 'catchSignals', onOff],
  ['CURSORLEAK_FORMAT', 'format', String],
  ['CURSORLEAK_TAG_COMMENTS', 'tagComments', onOff],
]

/** The environment variables that set an option, with the option's name. */
export const VARIABLES: ReadonlyArray<readonly [variable: string, option: keyof Options]> = ENV.map(
  ([variable, option]) => [variable, option],
)

function fromEnvironment(): Options {
  const found: Options = {}
  for (const [variable, option, read] of ENV) {
    const text = process.env[variable]?.trim()
    // Set to nothing, or to blanks, is how a shell unsets it.
    if (!text) continue
    const value = read(text)
    const rule = RULES[option]
    // Said as the user typed it: the variable and its text, with what the variable may hold.
    if (!rule.test(value)) {
      const allowed =
        option === 'enabled'
          ? 'off, on or verbose'
          : rule === boolean
            ? 'on or off'
            : read === seconds
              ? `seconds${option === 'everyMs' ? `: 0, or from ${LEAST_EVERY_MS / 1_000} to ${Math.floor(MAX_32_BIT / 1_000)}` : ' from 0'}`
              : option === 'levels'
                ? PAIRS
                : rule.allowed
      throw new OptionError(option, text, allowed, `environment variable ${variable}`)
    }
    Object.assign(found, { [option]: value })
  }
  return found
}
