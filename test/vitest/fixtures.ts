import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { inject } from 'vitest'
import { type Run, run, stable } from '../support/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Tests that share cursors and change streams by fixtures of every scope. */
export const FIXTURES = path.join(ROOT, 'fixtures', 'vitest-fixtures')

export const POOLS = ['forks', 'threads', 'vmThreads']

/** A Vitest, and where the project stands that has it. */
export interface Project {
  cwd: string
  node: string
  bin: string
}

export const INSTALLED: Project = {
  cwd: FIXTURES,
  node: process.execPath,
  bin: path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
}

export async function fill(uri: string): Promise<void> {
  const client = new MongoClient(uri)
  try {
    for (const [name, count] of [['few', 3] as const, ['many', 2_000] as const]) {
      const rows = client.db('cursorleak_fixtures').collection<{ _id: number }>(name)
      await rows.bulkWrite(
        Array.from({ length: count }, (_, _id) => ({
          updateOne: { filter: { _id }, update: { $set: {} }, upsert: true },
        })),
      )
    }
  } finally {
    await client.close()
  }
}

/** Runs tests of these folders. */
export function ran({ cwd, node, bin }: Project, folders: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
  return run(node, [bin, 'run'], { cwd, env: { MONGODB_URI: inject('mongoUri'), FOLDERS: folders, ...env } })
}

/** Whole output without what no run repeats. */
export function whole({ stdout, stderr }: Run, cwd: string): string {
  const text = stable(`${stdout}\n----- stderr -----\n${stderr}`, cwd)
  return (
    text
      .replaceAll(ROOT, '<root>/')
      .replace(/ v\d+\.\d+\.\d+ /, ' v<version> ')
      // What it spent its time on.
      .replace(/^( {3}Duration {2}<time>).*$/m, '$1')
  )
}

/** What Vitest called of fixtures without a cursor, in order, and all that it printed. */
export async function order(project: Project, env: NodeJS.ProcessEnv): Promise<{ notes: string; output: string }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-order-'))
  try {
    const file = path.join(folder, 'notes')
    const output = whole(await ran(project, 'order', { NOTES: file, ...env }), project.cwd)
    return { notes: readFileSync(file, 'utf8'), output: output.replace(/^cursorleak .*\n+/gm, '') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * What is told of files that share their modules, the parts in no order: whether their worker ends before or after the run's
 * summary is Vitest's matter, and decides in which of two summaries a row stands.
 */
export function ofModules(
  result: Run,
  cwd: string,
): { code: number | null; warnings: string[]; rows: string[]; passed: boolean } {
  const text = whole(result, cwd)
  return {
    code: result.code,
    warnings: text.match(/^cursorleak warning.*$/gm) ?? [],
    rows: (text.match(/^ {2}\d+ × .*$/gm) ?? []).sort(),
    passed: /^ +Tests {2}5 passed \(5\)$/m.test(text),
  }
}

const AT = 'created at watching (src/db.ts:24:24)'

/** The one change stream that nobody closes, and no other: what the second file closes is clean. */
export const LEFT_OF_MODULES = {
  code: 0,
  warnings: [
    'cursorleak warning: ChangeStream on cursorleak_fixtures.few was never closed: open until its client closed',
  ],
  rows: [`  1 × ChangeStream on cursorleak_fixtures.few, ${AT}`],
  passed: true,
}
