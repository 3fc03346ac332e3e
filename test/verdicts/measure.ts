import { openCursors } from '../../fixtures/server/oracle.mjs'
import { closeLeaked } from '../../src/check/close.ts'
import type { Suspect } from '../../src/check/judge.ts'
import { settle } from '../../src/check/settle.ts'
import { withoutUnique } from '../../src/check/unique.ts'
import { configure } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import type { LiveRecord } from '../../src/trace/record.ts'
import { contextOf, newScope } from '../../src/trace/scope.ts'

/** Two facts about one run, each found without the other. */
export interface Facts {
  /** Our states, sorted: `clean`, `open`, `2 open`, `lost + open`. */
  verdict: string
  /** By how much the server's count of open cursors grew. */
  server: number
  /** How many of ours claim to be open on the server. */
  claimed: number
}

/** The states that say that the server holds a cursor. Nobody asks the server here: what is unkilled is so by its fields. */
const HELD = new Set(['open', 'lost', 'unkilled'])
const TRIES = 10

type Counter = Parameters<typeof openCursors>[0]

/** A run whose facts can be taken again and again, before anything is closed. */
export interface Run {
  /** Does something as the test would. */
  inside<T>(work: () => Promise<T>): Promise<T>
  facts(): Promise<Facts>
  /** What the last facts were made of. */
  last(): readonly Suspect[]
  /** Closes everything. */
  end(kept?: unknown): Promise<void>
}

/** Starts a run: what is built inside belongs to it. */
export async function begin(counter: Counter, settleMs = 0): Promise<Run> {
  // Every state is to be seen, also those that are off by default; sessions and clients have their own tests.
  configure({ settleMs, levels: { idle: 'warn', unfinished: 'warn', session: 'off', client: 'off' } })
  const scope = newScope('test')
  state().running.add(scope)
  const before = await openCursors(counter)
  let found: Suspect[] = []
  const look = async (): Promise<Facts> => {
    found = await withoutUnique(await settle([...scope.records], settleMs))
    const server = (await openCursors(counter)) - before
    const claimed = found.filter(isHeld).reduce((sum, { verdict }) => sum + (verdict.held ?? 1), 0)
    return { verdict: textOf(found), server, claimed }
  }
  return {
    inside: (work) => state().als.run(contextOf(scope, 'body'), work),
    last: () => found,
    async facts() {
      // A close that nobody awaits may be on its way: a disagreement is measured again for a while.
      for (let tries = 1; ; tries++) {
        const facts = await look()
        if (facts.server === facts.claimed || tries === TRIES) return facts
        await new Promise((resolve) => setTimeout(resolve, 2 ** tries))
      }
    },
    async end(kept) {
      scope.done = true
      state().running.delete(scope)
      await clear(counter, before, scope.records, kept)
    },
  }
}

/** Runs `work` as a test would be run, takes both facts, and closes everything. */
export async function measure(counter: Counter, work: () => Promise<unknown>): Promise<Facts> {
  const run = await begin(counter)
  let kept: unknown
  try {
    kept = await run.inside(work)
    return await run.facts()
  } finally {
    await run.end(kept)
  }
}

const isHeld = ({ verdict }: Suspect): boolean =>
  HELD.has(verdict.state) || (verdict.state === 'busy' && verdict.cursorId !== undefined)

function textOf(found: Suspect[]): string {
  const counts = new Map<string, number>()
  for (const { verdict } of found) counts.set(verdict.state, (counts.get(verdict.state) ?? 0) + 1)
  const parts = [...counts].sort().map(([name, count]) => (count === 1 ? name : `${count} ${name}`))
  return parts.join(' + ') || 'clean'
}

/** Closes what is left, and waits until the server has none of it: a late kill must not count in the next run. */
async function clear(counter: Counter, before: number, records: Set<LiveRecord>, kept: unknown): Promise<void> {
  // Sessions and clients first show here; the cursors are what is counted.
  const left = [...records].filter(({ kind }) => kind === 'cursor' || kind === 'changeStream')
  records.clear()
  await closeLeaked(left)
  for (let tries = 1; tries < TRIES && (await openCursors(counter)) > before; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 2 ** tries))
  }
  for (const value of Array.isArray(kept) ? kept : [kept]) {
    if (value && typeof value === 'object' && 'destroy' in value) (value as { destroy(): void }).destroy()
  }
}
