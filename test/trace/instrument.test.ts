import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = 'fixtures/instrument/program.mjs'
const lines = readFileSync(new URL(`../../${PROGRAM}`, import.meta.url), 'utf8').split('\n')
const marked = lines.flatMap((text, i) => (text.includes('// leak') ? [i + 1] : []))
const KINDS = ['FindCursor abandoned', 'AggregationCursor abandoned', 'FindCursor abandoned']
KINDS.push('GridFSBucketReadStream abandoned', 'ChangeStream open', 'ClientSession open')
const ALL = KINDS.map((kind, i) => `${kind} line ${marked[i]}`).sort()

interface Printed {
  tracing: boolean
  isInstance: boolean[]
  found: string[]
  putBack: boolean
  off: boolean
}

async function program(...args: string[]): Promise<Printed & { stderr: string }> {
  const { stdout, stderr } = await run(process.execPath, [PROGRAM, ...args], {
    cwd: ROOT,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  const printed = JSON.parse(stdout || `{ "failed": ${JSON.stringify(stderr)} }`) as Printed
  return { ...printed, found: printed.found?.sort(), stderr }
}

const SEEN = { tracing: true, isInstance: [true, true], found: ALL, putBack: true, off: true, stderr: '' }

describe.each(['mongodb', 'mongodb6', 'mongodb5', 'mongodb4'])('%s', (driver) => {
  test('instrument() sees all of it where EventEmitter.init is frozen, and is undone', async () => {
    expect(await program(driver, 'frozen', 'instrument')).toEqual(SEEN)
  })
})

test('where the hook works, instrument() adds nothing: each leak once', async () => {
  expect(await program('mongodb', 'free', 'instrument')).toEqual(SEEN)
})

test('mongoose stands for its own copy of the driver', async () => {
  expect(await program('mongoose', 'frozen', 'instrument')).toEqual(SEEN)
})

test('frozen and not instrumented: it is said, and nothing breaks', async () => {
  expect(await program('mongodb', 'frozen')).toEqual({
    ...SEEN,
    tracing: false,
    found: [],
    stderr: `cursorleak: EventEmitter.init can't be replaced in this process, so no cursor is seen: call instrument(mongodb) for each copy of the driver\n`,
  })
})
