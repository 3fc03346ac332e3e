import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { run } from '../support/run.ts'

/** A failed test by its name, with the first line of each error and the place it was created at. */
export type Failures = Record<string, string[]>

/** Runs Vitest in a project as its user would, and reads what failed from its JSON report. */
export async function failures(
  folder: string,
  vitest: string,
  uri: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Failures> {
  const report = path.join(folder, `.report-${process.pid}.json`)
  const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`]
  const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env: { MONGODB_URI: uri, ...env } })
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`Vitest ended without a report:\n${stdout}\n${stderr}`)
  })
  await rm(report)
  const found: Failures = {}
  for (const { assertionResults, message, name } of (JSON.parse(text) as Report).testResults) {
    if (assertionResults.length === 0) found[path.basename(name)] = [message]
    for (const { status, title, failureMessages } of assertionResults) {
      if (status === 'failed') found[title] = failureMessages.map(brief)
    }
  }
  return found
}

interface Report {
  testResults: Array<{
    name: string
    message: string
    assertionResults: Array<{ status: string; title: string; failureMessages: string[] }>
  }>
}

/** `QueryCursor on db.pets was never closed: … | created at test.mjs:27:30`, without the path of the function. */
function brief(text: string): string {
  const headline = /^CursorLeakError: (\S+ on \S+)/.exec(text)?.[1]
  const place = /\n {2}created (?:at|by .*?, called at) (.*)/.exec(text)?.[1]
  return headline && place ? `${headline} at ${place}` : text
}
