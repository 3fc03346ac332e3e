import fc from 'fast-check'
import { expect } from 'vitest'

/** Stands in every secret: no output may hold it. */
export const CANARY = 'zqCANARYzq'

/** What a terminal, a CI, or a reader takes for something else than text. */
const NASTY = [
  '\x1b[2J',
  '\x1b]52;c;aGk=\x07',
  '\u009b31m',
  '\u202egnp',
  '\u2066',
  '\r',
  '\n::error file=x::taken\n',
  '\n##[error]taken',
  '##vso[task.setvariable]taken',
  '##teamcity[taken',
  '\u2028',
  '"',
  "'",
  '`',
  '\\',
  '<b>&',
  ']]>',
  '$&',
  '%0A',
] as const

const nasty = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme-ascii', maxLength: 5 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(''))
const secret = fc.tuple(nasty, nasty).map(([a, b]) => `${a}${CANARY}${b}`)
/** As people write it into a connection string: mostly without encoding it. */
const password = fc
  .string({ unit: fc.constantFrom('/', '?', '#', ':', '@', '%', '&', '=', 'x', '7'), maxLength: 6 })
  .map((text) => `${text}${CANARY}`)

export interface Spec {
  database: string
  collection: string
  name: string
  comment: string
  secret: string
}
const spec: fc.Arbitrary<Spec> = fc.record({
  // What the driver and the server allow in these.
  database: nasty.map((text) => `safe${text.replace(/[ ./\\$"*<>|?\0]/g, '')}`.slice(0, 30)),
  collection: nasty.map((text) => `c${text.replace(/[$.\0]/g, '')}`),
  name: nasty,
  comment: fc.tuple(password, nasty).map(([word, text]) => `${text} mongodb://root:${word}@db/ ${text}`),
  secret,
})

/** Anew in each run; the seed of a run that failed is in its message. */
export function sample(seed: number) {
  const [specs = []] = fc.sample(fc.array(spec, { minLength: 12, maxLength: 12 }), { numRuns: 1, seed })
  // Two of one name would be one leak.
  for (const [i, one] of specs.entries()) one.database = `safe${i}${one.database.slice(4)}`
  const [error = ''] = fc.sample(
    fc.tuple(nasty, password).map(([text, word]) => `${text}mongodb://root:${word}@db`),
    { numRuns: 1, seed },
  )
  const passwords = fc.sample(password, { numRuns: 4, seed })
  return { specs, error, passwords }
}

/** Controls but for tab and line end, what turns text around, and commands of a CI. */
export const RAW =
  /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]|##(?:\[|vso\[|teamcity\[)|^\s*::error file=x::/mu

/** Text for a reader: no secret, and nothing raw. A runner's own colours are taken out before. */
export function expectSafe(text: string, where: string): void {
  expectNoSecret(text, where)
  const at = text.search(RAW)
  expect(at < 0 ? undefined : JSON.stringify(text.slice(Math.max(0, at - 150), at + 50)), where).toBeUndefined()
}

/** Data: names are as they are, secrets are not there. */
export function expectNoSecret(text: string, where: string): void {
  const at = text.toLowerCase().indexOf(CANARY.toLowerCase())
  expect(at < 0 ? undefined : text.slice(Math.max(0, at - 150), at + 50), where).toBeUndefined()
}
