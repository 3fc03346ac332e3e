import { toLeak } from '../check/judge.ts'
import { untilRest } from '../clock.ts'
import { NativeError } from '../native.ts'
import { options } from '../options.ts'
import { codeFrame } from '../report/code-frame.ts'
import { groupLeaks } from '../report/group.ts'
import { creation } from '../report/message.ts'
import { printable } from '../report/printable.ts'
import { checkNames, shown, word } from '../shown.ts'
import { state } from '../state.ts'
import { liveRecords } from '../trace/keep.ts'
import { connectionsOf } from '../trace/pools.ts'
import type { LiveRecord } from '../trace/record.ts'
import { dig } from './current-op.ts'
import { from } from './from.ts'
import type { MatcherResult } from './no-leaks.ts'
import { type Target, targetOf } from './target.ts'
import { awaited } from './unawaited.ts'

const NAME = 'toHaveStableConnections()'

export interface StableOptions {
  /** How often the function is run and counted, after one run that fills the pools. At least 2. @default 5 */
  runs?: number
  /**
   * `process`: what the pools of this process hold, of the received client and of every client that was made since
   * tracing began. `server`: what the server counts, for all of its clients; other processes disturb it.
   * @default 'process'
   */
  count?: 'process' | 'server'
}

/**
 * Runs a function several times and fails when it leaves more connections behind with most of the runs. A pool that
 * grows once, since more was asked of it at the same time, does not.
 * @param received a client, or what belongs to one
 * @param work what is run; what it throws is thrown
 * @throws a TypeError for anything else
 */
export function toHaveStableConnections(
  received: unknown,
  work: () => unknown,
  wanted: StableOptions = {},
): Promise<MatcherResult> {
  const { target, runs, count } = from(toHaveStableConnections, () => checked(received, work, wanted))
  return awaited(NAME, toHaveStableConnections, measure(target, work, runs, count))
}

function checked(
  received: unknown,
  work: unknown,
  wanted: StableOptions,
): Required<StableOptions> & { target: Target } {
  const target = targetOf(received, NAME)
  if (typeof work !== 'function') throw new TypeError(`${NAME} takes a function to run, and was given a ${typeof work}`)
  const { runs = 5, count = 'process' } = checkNames(wanted, ['runs', 'count'], NAME)
  if (!Number.isInteger(runs) || runs < 2) {
    throw new TypeError(`${NAME}: the option "runs" is ${shown(runs)}; allowed: a whole number from 2`)
  }
  if (count !== 'process' && count !== 'server') {
    throw new TypeError(`${NAME}: the option "count" is ${word(count)}; allowed: "process" or "server"`)
  }
  return { target, runs, count }
}

async function measure(
  target: Target,
  work: () => unknown,
  runs: number,
  way: 'process' | 'server',
): Promise<MatcherResult> {
  const counting = (): Promise<number> => (way === 'server' ? ofServer(target) : Promise.resolve(ofProcess(target)))
  await work()
  const before = new Set(connected())
  const first = await counting()
  let last = first
  let grown = 0
  for (let run = 0; run < runs; run++) {
    await work()
    const now = await settledTo(last, counting)
    if (now > last) grown++
    last = now
  }
  const pass = last <= first || grown * 2 <= runs
  const added = connected().filter((record) => !before.has(record))
  const counted = way === 'server' ? "by the server's serverStatus" : 'in the pools of this process'
  const told = `from ${first} to ${last}, in ${grown} of ${runs} runs (counted ${counted})`
  return {
    pass,
    message: () =>
      pass
        ? `expected the connections to grow while the function runs, but they went ${told}`
        : [`expected stable connections, but they grew ${told}`, ...behind(added, target)].join('\n\n'),
  }
}

/** Connections that are being closed may take a moment. */
async function settledTo(wanted: number, counting: () => Promise<number>): Promise<number> {
  const { settleMs } = options()
  let now = await counting()
  let looks = 0
  await untilRest(settleMs, async () => {
    if (looks++ > 0) now = await counting()
    return now > wanted
  })
  return now
}

const connected = (): LiveRecord[] =>
  liveRecords(state()).filter((record) => record.kind === 'client' && record.resource.judge(record)?.state === 'open')

function ofProcess({ clients }: Target): number {
  const all = new Set([...clients, ...connected().map(({ target }) => target)])
  return [...all].reduce((sum, client) => sum + connectionsOf(client).open, 0)
}

async function ofServer({ clients: [client], name }: Target): Promise<number> {
  if (!client) throw new NativeError(`${printable(name)} has no client: connect first`)
  const admin = (client as { db(name: string): { command(command: object): Promise<unknown> } }).db('admin')
  const status = await state().ownCalls.run(true, () => admin.command({ serverStatus: 1 }))
  const current = dig(status, 'connections', 'current')
  if (typeof current !== 'number') throw new NativeError(`${NAME}: serverStatus() has no connections.current`)
  return current
}

function behind(added: readonly LiveRecord[], { name }: Target): string[] {
  if (added.length === 0)
    return [`  the pool of ${printable(name)} itself grew: something keeps its connections checked out`]
  const leaks = added.flatMap((record) => {
    const verdict = record.resource.judge(record)
    return verdict ? [toLeak({ record, verdict, level: 'fail' })] : []
  })
  return groupLeaks(leaks).map((leak) => {
    const frame = leak.createdAt ? codeFrame(leak.createdAt).map((line) => `    ${line}`.trimEnd()) : []
    const times = leak.count > 1 ? ` (${leak.count} times)` : ''
    return [
      `  ${leak.operation} on ${printable(leak.namespace)} is still connected${times}`,
      `    ${creation(leak)}`,
      ...(frame.length > 0 ? ['', ...frame, ''] : []),
      `    to fix it: ${leak.fix}`,
    ].join('\n')
  })
}
