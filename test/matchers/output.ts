import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { run, stable } from '../support/run.ts'
import { fillOrders } from './fill.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The project whose tests ask by matchers, one folder a runner. */
export const PROJECT = path.join(ROOT, 'fixtures', 'matchers')

export interface Asked {
  uri: string
  /** One of its own for each run. */
  database: string
  /** What follows `node`. */
  args: string[]
  /** Another Node than this one. */
  node?: string
  /** A copy of the project in a sandbox. */
  folder?: string
}

/** What a runner prints, without what no run repeats. */
export async function output({
  uri,
  database,
  args,
  node = process.execPath,
  folder = PROJECT,
}: Asked): Promise<string> {
  await fillOrders(uri, database)
  const { code, stdout, stderr } = await run(node, args, {
    cwd: folder,
    env: { MONGODB_URI: uri, DATABASE: database },
  })
  const text = stable(`${stdout}${stderr}`, folder)
  expect(code, text).not.toBe(0)
  return (
    text
      .replaceAll(ROOT, '<root>/')
      .replaceAll(database, '<database>')
      .replace(/ v\d+\.\d+\.\d+ /g, ' v<version> ')
      .replace(/^\s+at .*node_modules.*\n/gm, '')
      .replace(/^\s+at .*\(?node:.*\n/gm, '')
      .replace(/^ ❯ .*(?:node_modules|node:internal).*\n/gm, '')
      // Printed where a test or file is slow.
      .replace(/ \(<time>\)$/gm, '')
      .replace(/^( +Duration +<time>) \(.*\)$/gm, '$1')
      // Where in our own built file it stands changes with every build.
      .replace(/(dist\/chai\/index\.[cm]js):\d+:\d+/g, '$1:<line>')
      // Only where Jest remembers an earlier run.
      .replace(', estimated <time>', '')
      .replace(/grew from \d+ to \d+,/g, 'grew from <n> to <m>,')
      .replace(/duration_ms:? [\d.]+/g, 'duration_ms <time>')
  )
}
