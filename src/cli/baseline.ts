import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BaselineSite, baselineText, keyOf, readBaseline } from '../report/baseline.ts'
import { printable } from '../report/printable.ts'
import { endAs, runChild } from './child.ts'
import { UsageError } from './usage.ts'

const DEFAULT_FILE = 'cursorleak-baseline.json'

const HELP = `usage: cursorleak baseline [--file <file>] -- <command> [arguments]

Runs a suite that has the check, and writes the leaks that it has today into a file (${DEFAULT_FILE}). With the
option \`baseline\` or CURSORLEAK_BASELINE set to that file only new leaks fail. Run it again to drop what was mended:
  cursorleak baseline -- npx vitest run
`

/** `cursorleak baseline -- npx vitest run`: takes down the leaks a suite has, so that only new ones fail it. */
export async function command(args: string[]): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(HELP)
    return 0
  }
  const dashes = args.indexOf('--')
  const [program, ...rest] = dashes < 0 ? [] : args.slice(dashes + 1)
  if (program === undefined)
    throw new UsageError('baseline: which command? For example: cursorleak baseline -- npx vitest run')
  const file = path.resolve(fileOf(args.slice(0, dashes)))
  const before = existsSync(file) ? readBaseline(file) : []
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-baseline-'))
  const lines = path.join(folder, 'lines')
  writeFileSync(lines, '')
  try {
    const ended = await runChild('baseline', program, rest, {
      CURSORLEAK_BASELINE: file,
      CURSORLEAK_BASELINE_LINES: lines,
    })
    const found = readFileSync(lines, 'utf8').split('\n').filter(Boolean)
    const sites = found.map((line) => JSON.parse(line) as BaselineSite)
    // A suite that ended early has not shown all of its leaks: the old file is worth more than a short one.
    if (ended.code !== 0) {
      process.stderr.write(
        `cursorleak: the command failed by itself, so ${file} was left as it was: make it pass first\n`,
      )
      return endAs(ended)
    }
    writeFileSync(file, baselineText(sites))
    process.stderr.write(`cursorleak: ${summary(before, sites)} in ${printable(file)}\n`)
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fileOf(options: string[]): string {
  if (options.length === 0) return DEFAULT_FILE
  const [name, value] = options
  if (options.length === 2 && name === '--file' && value) return value
  throw new UsageError(`baseline: only --file <file> may stand before --; got ${options.join(' ')}`)
}

function summary(before: readonly BaselineSite[], after: readonly BaselineSite[]): string {
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const gone = [...old].filter((key) => !now.has(key)).length
  const added = [...now].filter((key) => !old.has(key)).length
  return `${now.size} known leaks (${added} new, ${gone} gone)`
}
