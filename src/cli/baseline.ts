import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type BaselineSite, baselineText, keyOf } from '../report/baseline.ts'
import { valuesOf } from '../report/lines.ts'
import { plural } from '../report/message.ts'
import { printable } from '../report/printable.ts'
import { codeOf } from '../report/read-file.ts'
import { errorText } from '../say.ts'
import { makeFolder, newPlace, removeFolder } from '../temporary.ts'
import { openTarget, type Target } from './baseline-file.ts'
import { type Ended, endAs, runChild } from './child.ts'
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
  const folder = placeForLines()
  let target: Target | undefined
  let ended: Ended
  try {
    target = openTarget(file)
    const lines = path.join(folder, 'lines')
    makeFolder(folder)
    writeFileSync(lines, '')
    ended = await runChild('baseline', program, rest, {
      CURSORLEAK_BASELINE: file,
      CURSORLEAK_BASELINE_LINES: lines,
    })
    if (ended.code === 0) return save(target, file, lines)
  } finally {
    target?.dispose()
    removeFolder(folder)
  }
  // A suite that ended early has not shown all of its leaks: the old file is worth more than a short one.
  say(`the command failed by itself, so ${printable(file)} was left as it was: make it pass first`)
  return endAs(ended)
}

function placeForLines(): string {
  try {
    return newPlace('baseline')
  } catch (error) {
    throw new UsageError(`baseline: ${errorText(error).replace(/^Error: /, '')}`, 1)
  }
}

/** Writes what the processes of the command have noted. What can't be written is printed: finding it took a whole run. */
function save(target: Target, file: string, lines: string): number {
  let noted: string
  try {
    noted = readFileSync(lines, 'utf8')
  } catch (error) {
    say(
      `${printable(lines)} can't be read (${codeOf(error)}), where the command had left what it found, so ` +
        `${printable(file)} was left as it was: does something empty the temporary folder?`,
    )
    return 1
  }
  if (noted === '') {
    say(
      `no test file of the command was checked, so ${printable(file)} was left as it was: is cursorleak set up there?`,
    )
    return 1
  }
  const sites = valuesOf<BaselineSite>(noted)
  const text = baselineText(sites)
  try {
    target.write(text)
  } catch (error) {
    process.stdout.write(text)
    say(`${printable(file)} can't be written (${codeOf(error)}): what was found is printed above, save it there`)
    return 1
  }
  say(`${summary(target.before, sites)} in ${printable(file)}`)
  return 0
}

const say = (sentence: string): void => void process.stderr.write(`cursorleak: ${sentence}\n`)

function fileOf(options: string[]): string {
  if (options.length === 0) return DEFAULT_FILE
  const [name, value] = options
  if (options.length === 2 && name === '--file' && value) return value
  throw new UsageError(`baseline: only --file <file> may stand before --; got ${options.join(' ')}`)
}

function summary(before: readonly BaselineSite[], after: readonly BaselineSite[]): string {
  // A file of version 1 has no lines: what it had in common with the new one is all that can be compared.
  const isOld = before.some(({ code }) => code === undefined)
  const keyed = ({ code, ...site }: BaselineSite): string =>
    keyOf(isOld || code === undefined ? site : { ...site, code })
  const [old, now] = [new Set(before.map(keyed)), new Set(after.map(keyed))]
  const gone = [...old].filter((key) => !now.has(key)).length
  const added = [...now].filter((key) => !old.has(key)).length
  return `${plural(now.size, 'known leak')} (${added} new, ${gone} gone)`
}
