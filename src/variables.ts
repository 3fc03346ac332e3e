import { VARIABLES } from './options.ts'
import { JEST_NOTES, REPORTER, VITEST_NOTES } from './report/collected.ts'
import { sayOncePerProcess } from './say-process.ts'

/** Set by hand like the options, or by us for processes of ours. */
const OTHERS = [
  'CURSORLEAK_SIGNAL',
  'CURSORLEAK_BASELINE_LINES',
  JEST_NOTES,
  'CURSORLEAK_NODE_TEST',
  REPORTER,
  'CURSORLEAK_RUN',
  VITEST_NOTES,
]

/** A variable of the environment that looks like one of ours and sets nothing. */
export interface Unknown {
  name: string
  /** The setting that was probably meant. */
  meant?: string
}

export function unknownVariables(env: NodeJS.ProcessEnv = process.env): Unknown[] {
  const known = [...VARIABLES.map(([variable]) => variable), ...OTHERS]
  return Object.keys(env)
    .filter((name) => /^cursor_?leak(_|$)/i.test(name) && !known.includes(name))
    .sort()
    .map((name) => {
      const meant = nearest(name, known)
      return { name: name.replace(/\W/g, '?'), ...(meant ? { meant } : {}) }
    })
}

/** Says of a misspelt one that it sets nothing, once a process: others may be a tool's own. */
export function sayUnknownVariables(): void {
  for (const { name, meant } of unknownVariables()) {
    if (meant) sayOncePerProcess(`the environment variable ${name} sets nothing; did you mean ${meant}?`)
  }
}

/** The known name that is most like it, if any is. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const given = plain(name)
  const [best] = known
    .map((one) => ({ one, far: plain(one).startsWith(given) ? 0 : distance(given, plain(one)) }))
    .filter(({ far }) => far <= given.length / 2)
    .sort((a, b) => a.far - b.far)
  return best?.one
}

const plain = (name: string): string => name.toUpperCase().replace(/^CURSOR_?LEAK_?/, '')

/** How many letters have to be put in, taken out or changed to make one text of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
