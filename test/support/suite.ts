import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineFile } from '../../fixtures/suite/file.ts'
import { defineSuite } from '../../fixtures/suite/index.ts'
import { CLIENT_LEFT } from '../../fixtures/suite/lifetimes/index.ts'
import type { Expected, Runner } from '../../fixtures/suite/suite.ts'
import { vitestOnly } from '../../fixtures/suite/vitest/only/index.ts'
import type { Own } from '../../fixtures/suite/vitest/only/own.ts'

/**
 * The shared suite (fixtures/suite), seen from outside: what each test must end as. What a run of it ended as is read by
 * verdicts.ts and compared by differences.ts. To add a runner: a folder in fixtures/suite with a `runner.ts` and its test
 * files, a parser from its machine output to `Ended[]`, and a list of columns in test/suite/columns. A runner that takes
 * no TypeScript gets it from compile.ts.
 */
export const SUITE = fileURLToPath(new URL('../../fixtures/suite', import.meta.url))

/** One test as a runner told of it. `texts` holds an error each: message and stack, as far as the runner gives them. */
export interface Ended {
  name: string
  failed: boolean
  texts: string[]
  skipped?: boolean
  /** It is a file's, not a test's. */
  outside?: boolean
  /** Of Vitest. */
  project?: string
}

/** What each test came to, by its id: `pass`, or a line for each leak (place, headline, notes) and each other error. */
export type Verdicts = Record<string, string>

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
  aroundEach: nothing,
  aroundAll: nothing,
  beforeAll: nothing,
  beforeEach: nothing,
  afterEach: nothing,
  afterAll: nothing,
}
const own: Own = { test: () => nothing, each: () => nothing, fails: nothing, extend: () => nothing }

const PARTS = {
  /** In one test, and in a file of its own. */
  tests: () => [...defineSuite(collecting), ...defineFile(collecting)],
  /** What only Vitest can express. */
  vitest: () => [...vitestOnly(collecting, own), CLIENT_LEFT],
}
export type Part = keyof typeof PARTS

/** What parts of the suite themselves say of their tests, without running one. For a further one see lifetimes.ts. */
export const expected = (...parts: Part[]): Expected[] => [...new Set(parts.flatMap((part) => PARTS[part]()))]

/** Below the suite: where its marked lines are. Nothing else has a folder of these names inside. */
const placed = (file: string): string =>
  file.replaceAll(path.sep, '/').replace(/^.*\/(?=(src|lifetimes|only)\/[^/]*$)/, '')

/** How a line of the suite is told, whatever folder it ran in. */
export const placeOf = (file: string, line: string | number): string => `${placed(file)}:${line}`

/**
 * Where each marked line is: `// leak: a, b` stands behind what creates the leak of tests a and b.
 * @param folder `src`, `lifetimes` or `only`, the last part of a path; all of them where it is left out
 */
export function marks(folder?: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of readdirSync(SUITE, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.includes('node_modules')) continue
    const lines = readFileSync(path.join(SUITE, file), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      for (const mark of /\/\/ leak: ([\w, -]+)$/.exec(line)?.[1]?.split(', ') ?? []) {
        const place = placeOf(path.join(SUITE, file), index + 1)
        if (folder && !place.startsWith(`${folder}/`)) continue
        if (found.has(mark)) throw new Error(`two lines are marked ${mark}: ${found.get(mark)} and ${place}`)
        found.set(mark, place)
      }
    }
  }
  return found
}
