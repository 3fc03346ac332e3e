import { parseArgs } from 'node:util'
import { sleep } from '../clock.ts'
import { hostsOf, redact } from '../report/credentials.ts'
import { jsonLine } from '../report/printable.ts'
import { errorText } from '../say.ts'
import { answer, closeSoon } from './bounded.ts'
import { loadDriver } from './driver.ts'
import { type Sample, takeSample } from './sample.ts'
import { UsageError } from './usage.ts'
import { growth, line, screen } from './view.ts'

const HELP = `usage: cursorleak watch <uri> [options]

Connections and open cursors of a server over time. Without <uri>: MONGODB_URI.
  --interval <seconds>     between two looks (2)
  --for <seconds>          ends by itself after that time
  --once                   one look
  --json                   JSON, one object a line
  --max-connections <n>    exit code 2 once the server has more connections
  --max-growth <n>         exit code 2 once connections or open cursors are this many more than at the start
The server counts this command's own connections, too (about three).
`

/** A limit was passed: for a CI job around a load test. */
const EXIT_LIMIT = 2
const KEPT = 200

interface Wanted {
  uri: string
  intervalMs: number
  forMs: number
  once: boolean
  json: boolean
  maxConnections: number
  maxGrowth: number
}

/** `cursorleak watch <uri>`. */
export async function command(args: string[]): Promise<number> {
  const wanted = parse(args)
  if (!wanted) {
    process.stdout.write(HELP)
    return 0
  }
  const { MongoClient } = await loadDriver()
  try {
    const client = new MongoClient(wanted.uri, {
      maxPoolSize: 1,
      ...(/serverSelectionTimeoutMS=/i.test(wanted.uri) ? {} : { serverSelectionTimeoutMS: 5_000 }),
      appName: 'cursorleak watch',
    })
    try {
      return await look(() => answer(takeSample(client)), wanted)
    } finally {
      await closeSoon(client)
    }
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : errorText(error), wanted.uri)
    throw new UsageError(`watch: ${hostsOf(wanted.uri) || 'the server'} can't be asked: ${reason}`, 1)
  }
}

async function look(take: () => Promise<Sample>, wanted: Wanted): Promise<number> {
  // At once: a question may be on its way to a server that never answers.
  const stop = (): void => process.exit(0)
  process.once('SIGINT', stop).once('SIGTERM', stop)
  // The driver's monitoring opens a connection of its own after the first answer: that is no growth.
  const start = Date.now()
  const samples: Sample[] = [await take()]
  if (!wanted.once) await sleep(Math.min(500, wanted.intervalMs)).then(async () => samples.splice(0, 1, await take()))
  for (;;) {
    const [first, last] = [samples[0], samples.at(-1)] as [Sample, Sample]
    show(samples, wanted)
    const passed = passedLimit(first, last, wanted)
    if (passed) {
      process.stderr.write(`cursorleak: ${passed}\n`)
      return EXIT_LIMIT
    }
    if (wanted.once) return 0
    const end = Math.min(Date.now() + wanted.intervalMs, start + wanted.forMs)
    for (let left = 1; left > 0; left = end - Date.now()) await sleep(Math.min(left, 100))
    if (Date.now() - start >= wanted.forMs) return 0
    samples.push(await take())
    // The first one stays: growth is counted from it.
    if (samples.length > KEPT) samples.splice(1, 1)
  }
}

function show(samples: readonly Sample[], { json, once, uri }: Wanted): void {
  const [first, last] = [samples[0], samples.at(-1)] as [Sample, Sample]
  if (json) process.stdout.write(`${jsonLine(last)}\n`)
  else if (once) process.stdout.write(`${screen(hostsOf(uri), samples)}\n`)
  // Home, then clear what is below: less flicker than an empty screen.
  else if (process.stdout.isTTY) process.stdout.write(`\x1b[H\x1b[J${screen(hostsOf(uri), samples)}\n`)
  else process.stdout.write(`${line(first, last)}\n`)
}

/** The sentence that says which limit was passed, or undefined. */
function passedLimit(first: Sample, last: Sample, { maxConnections, maxGrowth }: Wanted): string | undefined {
  if ((last.connections ?? 0) > maxConnections) {
    return `${last.connections} connections, more than --max-connections ${maxConnections}`
  }
  for (const [name, of] of [
    ['connections', (s: Sample) => s.connections],
    ['open cursors', (s: Sample) => s.cursors.open],
  ] as const) {
    const more = (of(last) ?? 0) - (of(first) ?? of(last) ?? 0)
    if (more > maxGrowth)
      return `${of(last)} ${name}${growth(of(first), of(last))}, more growth than --max-growth ${maxGrowth}`
  }
  return undefined
}

function parse(args: string[]): Wanted | undefined {
  const { values, positionals } = read(args)
  if (values.help) return undefined
  const uri = positionals[0] ?? process.env.MONGODB_URI
  if (positionals.length > 1) throw new UsageError('watch: one connection string only')
  if (!uri) throw new UsageError('watch: which server? cursorleak watch mongodb://localhost:27017, or set MONGODB_URI')
  if (!/^mongodb(\+srv)?:\/\//.test(uri)) {
    throw new UsageError('watch: the connection string has to begin with mongodb:// or mongodb+srv://')
  }
  if (values.once && values['max-growth'] !== undefined) {
    throw new UsageError('watch: --max-growth compares two looks, --once takes one: leave out one of them')
  }
  const number = (name: 'interval' | 'for' | 'max-connections' | 'max-growth', least: number, otherwise: number) => {
    const given = values[name]
    if (given === undefined) return otherwise
    if (!/^\d+(\.\d+)?$/.test(given) || Number(given) < least)
      throw new UsageError(`watch: --${name} is "${given}"; allowed: a number from ${least}`)
    return Number(given)
  }
  return {
    uri,
    intervalMs: number('interval', 0.1, 2) * 1_000,
    forMs: number('for', 0, Number.POSITIVE_INFINITY) * 1_000,
    once: values.once === true,
    json: values.json === true,
    maxConnections: number('max-connections', 0, Number.POSITIVE_INFINITY),
    maxGrowth: number('max-growth', 0, Number.POSITIVE_INFINITY),
  }
}

function read(args: string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    const options = {
      ...{ interval: text, for: text, 'max-connections': text, 'max-growth': text },
      ...{ once: flag, json: flag, help: { ...flag, short: 'h' } },
    } as const
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    throw new UsageError(`watch: ${(error as Error).message.split('\n')[0]}`)
  }
}
