import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { defineFile } from '../../fixtures/suite/file.ts'
import { defineSuite } from '../../fixtures/suite/index.ts'
import type { Expected, Runner } from '../../fixtures/suite/suite.ts'

/**
 * The shared suite (fixtures/suite), seen from outside: what each test must end as, and what a run of it ended as. To add
 * a runner: a folder in fixtures/suite with a `runner.ts` and two test files, a parser here from its machine output to
 * `Ended[]`, and a list of columns in test/suite/columns. A runner that takes no TypeScript gets it from compile.ts.
 */
export const SUITE = fileURLToPath(new URL('../../fixtures/suite', import.meta.url))

/** One test as a runner told of it. `texts` holds an error each: message and stack, as far as the runner gives them. */
export interface Ended {
  name: string
  failed: boolean
  texts: string[]
  /** It is a file's, not a test's. */
  outside?: boolean
}

/** What a test came to, in one line: `pass`, or each leak's place and headline. */
export type Verdicts = Record<string, string>

/** The id under which a leak that failed a file, not a test, is compared. */
const FILE = 'in-before-all'

const nothing = (): void => {}
/** A runner that runs nothing. */
export const collecting: Runner = {
  name: 'vitest',
  describe: (_name, body) => body(),
  test: nothing,
  together: (_name, body) => body(nothing),
  again: nothing,
  extend: () => nothing,
  build: () => nothing,
  beforeAll: nothing,
  beforeEach: nothing,
  afterEach: nothing,
  afterAll: nothing,
}

/** What the suite itself says of its tests, without running one. */
export const expected = (): Expected[] => [...defineSuite(collecting), ...defineFile(collecting)]

/** Where each marked line is: `// leak: a, b` stands behind what creates the leak of tests a and b. */
export function marks(folder = 'src'): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of readdirSync(path.join(SUITE, folder))) {
    const lines = readFileSync(path.join(SUITE, folder, file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      for (const mark of /\/\/ leak: (.*)$/.exec(line)?.[1]?.split(', ') ?? [])
        found.set(mark, `${folder}/${file}:${index + 1}`)
    }
  }
  return found
}

/** The verdicts of a run, told by the ids in the tests' names. */
export function verdicts(tests: readonly Ended[]): Verdicts {
  const found: Verdicts = {}
  for (const { name, failed, texts } of tests) {
    const id = /^([\w-]+): /.exec(name)?.[1]
    if (id === undefined || id in found) throw new Error(`"${name}" has no id of its own`)
    found[id] = failed ? texts.map(describe).sort().join('\n') : 'pass'
  }
  return found
}

/** Place and headline of one error, without what differs from run to run. */
export function describe(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replace(/cursorleak_suite_\w+_\d+/g, 'suite')
    .replace(/\b(127\.0\.0\.1|localhost):\d+/g, 'server')
  const headline = /^ *(?:Error )?(?:\[?CursorLeakError\]?: )?(\w+ on \S+ was .*?)(?:; created at .*)?$/m.exec(
    plain,
  )?.[1]
  const said = placeIn(/(?:^ {2,}|; )created at (?:.*? \()?(.*?):(\d+):\d+\)?(?:;|,|$)/m, plain)
  const frame = placeIn(/^ +at (?:.* \()?(?:file:\/\/)?([^()]*):(\d+):\d+\)?$/m, plain)
  if (headline === undefined || said === undefined) return `something else: ${plain}`
  // Vitest's JSON has no stack for what failed a file.
  if (frame !== undefined && frame !== said) return `the message names ${said}, the stack ${frame}`
  return `${said} ${headline}`
}

function placeIn(pattern: RegExp, text: string): string | undefined {
  const [, file, line] = pattern.exec(text) ?? []
  return file && `${file.replaceAll('\\', '/').replace(/^.*\/(?=(src|lifetimes)\/)/, '')}:${line}`
}

/** What of a run is not as the suite says, one line each: a missing test, a verdict, a place. */
export function differences(found: Verdicts): string[] {
  const places = marks()
  const wrong: string[] = []
  for (const { id, state, marks } of expected()) {
    const verdict = found[id] ?? (id === FILE ? 'pass' : 'missing')
    const wanted = marks.map((mark) => places.get(mark) ?? `no line is marked ${mark}`).sort()
    const fits =
      state === 'clean'
        ? verdict === 'pass'
        : verdict.split('\n').length === wanted.length &&
          wanted.every((place) =>
            verdict.split('\n').some((leak) => leak.startsWith(`${place} `) && MEANS[state].test(leak)),
          )
    if (!fits) wrong.push(`${id} must be ${[state, ...wanted].join(' ')}, is: ${verdict}`)
  }
  const known = new Set(expected().map(({ id }) => id))
  for (const id of Object.keys(found)) if (!known.has(id)) wrong.push(`${id} is no test of the suite`)
  return wrong
}

export const MEANS = {
  busy: /still being read|still at work/,
  open: /never (closed|ended).*: (open on the server|the server keeps a session|still connected)/,
  abandoned: /unread documents left/,
  lost: /was lost/,
  swept: /open until its client closed/,
}

/** Jest's and Vitest's `--json` have one form. A file's own error comes as one more test. */
export function fromJson(text: string): Ended[] {
  const { testResults } = JSON.parse(text) as JsonReport
  return testResults.flatMap(({ message, assertionResults }) => [
    ...assertionResults.map(({ title, status, failureMessages }) => ({
      name: title,
      failed: status !== 'passed',
      texts: failureMessages ?? [],
    })),
    ...fileError(message, assertionResults),
  ])
}

interface JsonReport {
  testResults: Array<{
    message?: string
    assertionResults: Array<{ title: string; status: string; failureMessages?: string[] | null }>
  }>
}

/** Jest repeats every test's error in its file's message: what is the file's own has no test that failed. */
function fileError(message: string | undefined, tests: JsonReport['testResults'][0]['assertionResults']): Ended[] {
  if (!message || tests.some(({ status }) => status !== 'passed')) return []
  return [{ name: `${FILE}: the file`, failed: true, texts: [message] }]
}
