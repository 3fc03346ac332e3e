import { state } from '../../src/state.ts'
import type { Context } from '../verdicts/construct.ts'
import { begin, type Run } from '../verdicts/measure.ts'
import { Player, type Slot } from './player.ts'
import { bigFor, type Program, show } from './program.ts'

/** Why a cursor that much data leaves open was not accused on little: see docs/verdicts.md. */
export type Silent = 'read to its end' | 'read whole, its end not seen' | 'nothing to read'

const HELD = ['open', 'lost']
const ACCUSED = ['open', 'lost', 'abandoned']

/** How a cursor of a program ended. */
interface End {
  verdict: string | undefined
  slot: Slot | undefined
}

/**
 * Runs one program on little and on much data. Throws where we and the server disagree, where a cursor is accused that
 * was closed or drained, and where one that is `abandoned` on little data is not open on much.
 */
export async function compare(client: Context['client'], major: number, one: Program): Promise<Silent[]> {
  const little = await play(client, major, one, one.size)
  const much = await play(client, major, one, bigFor(one))
  const silent: Silent[] = []
  for (const [i, small] of little.entries()) {
    const big = String(much[i]?.verdict)
    if (small.verdict === 'abandoned' && !HELD.includes(big)) {
      throw new Error(`${show(one)}: ${'ab'[i]} is abandoned on little data and ${big} on much`)
    }
    if (HELD.includes(big) && !ACCUSED.includes(String(small.verdict))) silent.push(classOf(small, one))
  }
  return silent
}

async function play(client: Context['client'], major: number, one: Program, size: number): Promise<End[]> {
  const run = await begin(client)
  try {
    const player = new Player(client.db('model').collection<{ _id: number }>(`of${size}`), major, one)
    for (const [i, step] of one.steps.entries()) {
      await run.inside(() => player.play(step))
      const { claimed, server } = await run.facts()
      const where = `${show(one)}\nafter step ${i + 1} on ${size} documents`
      if (claimed !== server) throw new Error(`${where}: we say ${claimed} open, the server ${server}`)
      for (const slot of player.slots) if (slot) fair(slot, verdictOf(run, slot), where)
    }
    return player.slots.map((slot) => ({ slot, verdict: slot && verdictOf(run, slot) }))
  } finally {
    await run.end()
  }
}

function fair({ closed, drained }: Slot, verdict: string | undefined, where: string): void {
  const accused = verdict === 'open' || verdict === 'abandoned'
  if (accused && (closed || drained)) {
    throw new Error(`${where}: ${verdict}, though its user has ${closed ? 'closed it' : 'seen its end'}`)
  }
}

function verdictOf(run: Run, { cursor }: Slot): string | undefined {
  const record = state().records.get(cursor)
  return run.last().find((suspect) => suspect.record === record)?.verdict.state
}

function classOf({ slot }: End, { size }: Program): Silent {
  if (size === 0) return 'nothing to read'
  return slot?.drained ? 'read to its end' : 'read whole, its end not seen'
}
