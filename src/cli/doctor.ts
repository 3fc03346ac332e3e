import { parseArgs } from 'node:util'
import { OptionError, options, VARIABLES } from '../options.ts'
import { hostsOf, redact } from '../report/credentials.ts'
import { printable } from '../report/printable.ts'
import { errorText } from '../say.ts'
import { answer, closeSoon } from './bounded.ts'
import { loadDriver } from './driver.ts'
import { copiesOf, installed, isWithin } from './project.ts'
import { type SetupFinding, setUp } from './setup/judge.ts'
import { DRIVERS, LEAST_NODE, RUNNERS } from './supported.ts'
import { UsageError } from './usage.ts'

const HELP = `usage: cursorleak doctor

Looks at the project one stands in: Node, the copies of mongodb and mongoose, the runner, where cursorleak is set up, its
environment variables, and the server of MONGODB_URI, where that is set. Exit code 0, or 1 when something is wrong.
`

/** Room for a list of files and for a driver's own sentence. */
const MAX = 2_000

type Finding = SetupFinding
const finding = (isOk: boolean, text: string, otherwise: string): Finding =>
  isOk ? { mark: 'ok', text } : { mark: 'wrong', text: `${text}: ${otherwise}` }

/** `cursorleak doctor`: what a person would look at first when nothing is reported. Changes nothing. */
export async function command(args: string[]): Promise<number> {
  if (isHelp(args)) {
    process.stdout.write(HELP)
    return 0
  }
  const folder = process.cwd()
  let wrong = 0
  const known = new Set<Finding['is']>()
  for await (const { is, mark, text } of findings(folder)) {
    process.stdout.write(`${printable(`${mark.padEnd(6)}${text}`.trimEnd(), MAX)}\n`)
    if (mark === 'wrong') wrong++
    known.add(is)
  }
  const isUnknown = known.has('unknown')
  const where = [...(known.has('unchecked') ? ['checked'] : []), ...(isUnknown ? ['known'] : [])].join(' and ')
  const fine = where === '' ? 'nothing is wrong' : `nothing is wrong where it is ${where}`
  // Green must mean that something looks.
  const idle = !known.has('checked') && wrong === 0
  process.stdout.write(
    `${idle ? `nothing is ${isUnknown ? 'known to be ' : ''}checked` : wrong === 0 ? fine : `${wrong} wrong`}\n`,
  )
  return wrong === 0 && !idle ? 0 : 1
}

/** One by one: what is known is printed while the next is looked for. */
async function* findings(folder: string): AsyncGenerator<Finding> {
  yield node()
  yield* drivers(folder)
  yield* runners(folder)
  yield* setUp(folder)
  yield* environment()
  yield* await server()
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOk = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return finding(isOk, `Node ${process.versions.node}`, `cursorleak needs ${LEAST_NODE.join('.')} or later`)
}

function drivers(folder: string): Finding[] {
  const found = Object.entries(DRIVERS).flatMap(([name, range]) =>
    copiesOf(name, folder).map(({ version, place }) =>
      finding(isWithin(version, range), `${name} ${version} in ${place}`, `${range.join(' to ')} are traced`),
    ),
  )
  return found.length > 0 ? found : [{ mark: 'wrong', text: 'no mongodb and no mongoose in node_modules: npm install' }]
}

const runners = (folder: string): Finding[] =>
  Object.entries(RUNNERS).flatMap(([name, range]) => {
    const version = installed(name, folder)
    const of = `${name} ${version}`
    return version ? [finding(isWithin(version, range), of, `${range.join(' to ')} are supported`)] : []
  })

function environment(): Finding[] {
  const names = ['CURSORLEAK_SIGNAL', ...VARIABLES.map(([variable]) => variable)]
  const set = names
    .filter((name) => process.env[name])
    .map((name): Finding => {
      return { mark: '', text: `${name}=${process.env[name]}` }
    })
  try {
    options()
    return set
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    return [...set, { mark: 'wrong', text: error.message.replace(/^cursorleak: /, '') }]
  }
}

async function server(): Promise<Finding[]> {
  const uri = process.env.MONGODB_URI
  if (!uri) return []
  const hosts = hostsOf(uri)
  try {
    const { MongoClient } = await loadDriver()
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, appName: 'cursorleak doctor' })
    try {
      await answer(client.db('admin').command({ ping: 1 }))
    } finally {
      await closeSoon(client)
    }
    return [{ mark: 'ok', text: `MONGODB_URI: ${hosts} answers` }]
  } catch (error) {
    const reason = redact(error instanceof Error ? error.message : errorText(error), uri)
    return [{ mark: 'wrong', text: `MONGODB_URI: ${hosts || 'the server'} does not answer: ${reason}` }]
  }
}

function isHelp(args: string[]): boolean {
  try {
    return parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } } }).values.help === true
  } catch (error) {
    throw new UsageError(`doctor: ${(error as Error).message.split('\n')[0]}`)
  }
}
