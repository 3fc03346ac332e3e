import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientSession, MongoClient } from 'mongodb'
import { checkScope } from '../../src/check/check.ts'
import { configure } from '../../src/options.ts'
import { state } from '../../src/state.ts'
import { contextOf, newScope } from '../../src/trace/scope.ts'
import { verdicts } from '../kinds/judged.ts'
import type { Driver, Size } from './construct.ts'
import { type Counts, countText, type Kind } from './kind.ts'

/** Looks at the server until the count is what the verdict claims, for so long; then it is what it is. */
const PATIENCE_MS = 2_000

/** Every state is to be seen, also those that are off by default. */
const LEVELS = { idle: 'warn', unfinished: 'warn', session: 'warn', client: 'warn' } as const

/** Runs a row as a test of a file of its own, and takes the two facts before anything is closed. */
export async function measureKind(
  counter: MongoClient,
  kind: Kind,
  at: { mongodb: Driver; uri: string; size: Size },
  wanted: string,
): Promise<string> {
  configure({ settleMs: 50, confirm: true, closeLeaked: false, levels: LEVELS })
  const unseen = <T>(work: () => Promise<T>): Promise<T> => state().ownCalls.run(true, work)
  const counts = () => unseen(() => countsOf(counter))
  const client = await unseen(() => new at.mongodb.MongoClient(at.uri).connect())
  const file = newScope('file', 'a.test.ts')
  state().file = file
  const scope = { ...newScope('test', kind.id), file }
  state().running.add(scope)
  try {
    const before = await steady(counts)
    const grown = async (): Promise<Counts> => less(await counts(), before)
    const counted = await state().als.run(contextOf(scope, 'body'), () => kind.run({ ...at, client, grown }))
    scope.done = true
    state().running.delete(scope)
    const count = counted ?? (await settled(kind, grown, wanted.split(' · ')[1]))
    const opened = [...file.records, ...scope.records].map(({ target }) => target)
    const found = [await checkScope(scope), await checkScope(file)].flatMap(verdicts)
    await unseen(async () => void (await Promise.all(opened.map(end))))
    return `${found.map(short).join(' + ') || 'clean'} · ${countText(kind.counts, count)}`
  } finally {
    state().running.delete(scope)
    await unseen(() => client.close())
  }
}

/** What the run before has closed may still be on its way. */
async function steady(counts: () => Promise<Counts>): Promise<Counts> {
  let last = await counts()
  for (let same = 0; same < 3; ) {
    await sleep(10)
    const now = await counts()
    same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0
    last = now
  }
  return last
}

/** Connections go a while after `close()` has come back. */
async function settled({ counts }: Kind, grown: () => Promise<Counts>, wanted?: string): Promise<number> {
  for (let spent = 0; ; spent += 20) {
    const count = (await grown())[counts]
    if (countText(counts, count) === wanted || spent >= PATIENCE_MS) return count
    await sleep(20)
  }
}

/** `warn session open ×5` is `5 session open` in a cell; the levels are those of the README. */
function short(verdict: string): string {
  const [, text = '', times] = /^\w+ (\w+ \w+)(?: ×(\d+))?$/.exec(verdict) ?? []
  return times ? `${times} ${text}` : text
}

async function end(target: object): Promise<void> {
  if ('startSession' in target) await (target as MongoClient).close()
  else if ('endSession' in target) await (target as ClientSession).endSession()
}

async function countsOf(client: MongoClient): Promise<Counts> {
  const status = await client.db('admin').command({ serverStatus: 1 })
  const counts = {
    cursors: Number(status.metrics?.cursor?.open?.total),
    sessions: Number(status.logicalSessionRecordCache?.activeSessionsCount),
    transactions: Number(status.transactions?.currentOpen),
    connections: Number(status.connections?.current),
  }
  if (Object.values(counts).some(Number.isNaN)) throw new Error(`serverStatus lacks a count: ${JSON.stringify(counts)}`)
  return counts
}

const less = (now: Counts, before: Counts): Counts => ({
  cursors: now.cursors - before.cursors,
  sessions: now.sessions - before.sessions,
  transactions: now.transactions - before.transactions,
  connections: now.connections - before.connections,
})
