import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

/** A configuration that starts a server or asks the network takes its time. */
const ANSWER_MS = 60_000
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

/**
 * Runs Node in the project, as the runner would run there.
 * @returns what it printed
 * @throws a NoAnswer with the first line of what went wrong
 */
export function ask(args: readonly string[], folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, timeout: ANSWER_MS, maxBuffer: 50_000_000, env: { ...process.env, NO_COLOR: '1' } }
    execFile(process.execPath, [...args], options, (error, stdout, stderr) => {
      if (!error || stdout.includes(MARK)) resolve(stdout)
      else reject(new NoAnswer(error.killed ? `no answer within ${ANSWER_MS} ms` : firstLine(stderr || error.message)))
    })
  })
}

/** Runs a program that calls `answer(data)`; other things that it prints are left out. */
export async function askProgram<T>(program: string, args: readonly string[], folder: string): Promise<T> {
  const code = `const answer = (data) => new Promise((done) => process.stdout.write('\\n${MARK}' + JSON.stringify(data) + '\\n', done))
${program}`
  const printed = await ask(['--input-type=module', '--eval', code, '--', ...args], folder)
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
