import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

interface Verdict {
  project?: string
  test: string
  state: string
  errors: Array<{ name: string; message: string; stack: string }>
}

/**
 * What each test of the suite came to, one line a test and one an error, the same for every version and configuration:
 * a leak by the mark (`// leak: one`) of the line that its error's first frame shows.
 * @param file written by the suite's own reporter
 * @param folder of the suite that ran
 * @returns the lines, by project
 */
export function readVerdicts(file: string, folder: string): Map<string, string> {
  const marks = readMarks(folder)
  const lines = new Map<string, string[]>()
  for (const { project = '', test, state, errors } of JSON.parse(readFileSync(file, 'utf8')) as Verdict[]) {
    const own = lines.get(project) ?? []
    lines.set(project, own)
    // Some versions keep the errors of attempts that were repeated.
    const texts = (state === 'fail' ? errors : []).map((error) => `    ${describe(error, marks)}`)
    // A file's leaks come in the order in which its tests happened to open them.
    own.push(`${test}: ${state}`, ...(test.includes(' > ') ? texts : texts.sort()))
  }
  return new Map([...lines].map(([project, list]) => [project, sorted(list)]))
}

/** Files end in any order, and so do concurrent tests. */
const sorted = (list: string[]): string =>
  list
    .join('\n')
    .split(/\n(?! )/)
    .sort()
    .join('\n')

function describe({ name, message, stack }: Verdict['errors'][number], marks: Map<string, string>): string {
  const [first = '', ...rest] = message.split('\n')
  // Vitest's own wording differs between its versions.
  if (first.startsWith('Test timed out')) return 'Test timed out'
  if (name !== 'CursorLeakError') return `${name}: ${first.replace(/ \/\/.*/, '')}`
  const frame = /\n\s*at (?:.* \()?(?:file:\/\/)?(.*?):(\d+):\d+/.exec(
    stack.slice(stack.indexOf(message) + message.length),
  )
  const site = `${frame?.[1]}:${frame?.[2]}`
  const notes = rest.filter((line) => line.startsWith('  note:')).map((line) => line.trim())
  return [`${name}: ${first}`, `at ${marks.get(site) ?? site}`, ...notes].join(' | ')
}

function readMarks(folder: string): Map<string, string> {
  const marks = new Map<string, string>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.includes('node_modules')) continue
    const file = path.join(folder, name)
    for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
      const mark = /\/\/ leak: (.*)$/.exec(line)?.[1]
      if (mark) marks.set(`${file}:${i + 1}`, `the line marked ${mark}`)
    }
  }
  return marks
}
