import { lastOptions, type Options, type ResolvedOptions } from './options.ts'
import { siteOf, siteText, userFrames } from './report/frames.ts'
import { mapped } from './report/source.ts'
import { guard, write } from './say.ts'
import { isFirstOfRun } from './say-run.ts'
import { stackText, type Trace } from './trace/stack.ts'

/** What says nothing about a test. */
const OF_AN_APP: ReadonlySet<string> = new Set([
  'idleMs',
  'olderThanMs',
  'everyMs',
  'catchSignals',
  'format',
  'sampleEvery',
])

/**
 * Says, once a run and place, that a test runner's check does not take over what the code under test has asked for: it may
 * trace as it does in production.
 * @param wanted options of `startTrace()`
 * @param at where it was called
 */
export function sayKept(wanted: Options, at: Trace | undefined): void {
  guard('comparing options', () => {
    const inForce = lastOptions()
    const names = Object.entries(wanted)
      .filter(([name, value]) => value !== undefined && !OF_AN_APP.has(name) && !isSame(name, value, inForce))
      .map(([name]) => `\`${name}\``)
    if (names.length === 0) return
    const site = at && siteOf(userFrames(mapped(stackText(at)), false))
    const where = site ? `, called at ${siteText(site)},` : ''
    const sentence = `startTrace()${where} does not change ${names.join(', ')} of the tests: this run's check keeps its own options; use configure() in a setup file to change them`
    if (isFirstOfRun(sentence)) write(`cursorleak: ${sentence}`)
  })
}

/** Whether an option is what it would be set to. */
function isSame(name: string, value: unknown, inForce: ResolvedOptions): boolean {
  if (name === 'levels') return Object.entries(value as object).every(([key, level]) => inForce.levels[key] === level)
  if (Array.isArray(value)) return value.length === 0
  return inForce[name as keyof ResolvedOptions] === value
}
