import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { later } from '../../clock.ts'
import { follow, isDying } from '../children.ts'

/** A configuration that starts a server or asks the network takes its time. */
const ANSWER_MS = 60_000
/** For one that does not end by SIGTERM. */
const END_MS = 1_000
const MARK = '@@cursorleak '

/** A runner that gave no answer. */
export class NoAnswer extends Error {}

/** The file of a package that the project resolves. */
export function fileOf(name: string, file: string, folder: string): string {
  try {
    return path.join(path.dirname(createRequire(path.join(folder, 'x')).resolve(`${name}/package.json`)), file)
  } catch {
    throw new NoAnswer(`${name} is not installed`)
  }
}

interface Given {
  /** Milliseconds. */
  timeout?: number
  /** Beside that of this process. */
  env?: Record<string, string>
}

/**
 * Runs Node in the project, as the runner would run there. It does not outlive us.
 * @returns what it printed
 * @throws a NoAnswer with the first line of what went wrong
 */
export function ask(args: readonly string[], folder: string, given: Given = {}): Promise<string> {
  const { timeout = ANSWER_MS } = given
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      timeout,
      maxBuffer: 50_000_000,
      env: { ...process.env, ...given.env, NO_COLOR: '1' },
    }
    const child = execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
      if (isDying()) return
      if (!error || stdout.includes(MARK)) resolve(stdout)
      else reject(new NoAnswer(error.killed ? `no answer within ${timeout} ms` : firstLine(stderr || error.message)))
    })
    follow(child)
    later(timeout + END_MS, () => void child.kill('SIGKILL'))
  })
}

/** Runs a program that calls `answer(data)`; other things that it prints are left out. */
export async function askProgram<T>(
  program: string,
  args: readonly string[],
  folder: string,
  env: Record<string, string>,
): Promise<T> {
  const code = `const answer = (data) => new Promise((done) => process.stdout.write('\\n${MARK}' + JSON.stringify(data) + '\\n', done))
${program}`
  const printed = await ask(['--input-type=module', '--eval', code, '--', ...args], folder, { env })
  const line = printed.split('\n').find((one) => one.startsWith(MARK))
  if (line === undefined) throw new NoAnswer('it ended without an answer')
  return JSON.parse(line.slice(MARK.length)) as T
}

/** The line that names the error, with the next one where it is only a headline: frames and source lines stand around it. */
function firstLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const at = lines.findIndex((line) => /error/i.test(line) && !/^(at |throw )/.test(line))
  const [first = 'no reason given', second = ''] = lines.slice(Math.max(at, 0))
  return first.endsWith(':') ? `${first} ${second}` : first
}
