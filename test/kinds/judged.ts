import { checkScope, type Findings } from '../../src/check/check.ts'
import type { Leak } from '../../src/report/leak.ts'
import { state } from '../../src/state.ts'
import { contextOf, newScope, type Scope } from '../../src/trace/scope.ts'

/** Starts a file of its own, so that nothing of an earlier test is judged with it. */
export function newFile(): Scope {
  const file = newScope('file', 'a.test.ts')
  state().file = file
  return file
}

/** Runs what a test does and judges it at its end, then ends the file. */
export async function judged(body: () => unknown): Promise<{ test: Findings; file: Findings }> {
  const file = newFile()
  const test = await testOf(body)
  return { test, file: await checkScope(file) }
}

/** One test of the current file. */
export async function testOf(body: () => unknown, name = 'a test'): Promise<Findings> {
  const scope = { ...newScope('test', name), file: state().file }
  state().running.add(scope)
  try {
    await state().als.run(contextOf(scope, 'body'), async () => body())
  } finally {
    scope.done = true
    state().running.delete(scope)
  }
  return checkScope(scope)
}

export const verdicts = ({ fail, warn }: Findings): string[] =>
  [...fail, ...warn].map(
    ({ kind, level, state: of, count }) => `${level} ${kind} ${of}${count > 1 ? ` ×${count}` : ''}`,
  )

/** The line of this folder's file that a leak names, as its text. */
export const lineOf = async (leak: Leak | undefined): Promise<string | undefined> => sourceLine(leak?.createdAt)

export async function sourceLine(site: { file: string; line: number } | undefined): Promise<string | undefined> {
  if (!site) return undefined
  const { readFile } = await import('node:fs/promises')
  return (await readFile(site.file, 'utf8')).split('\n')[site.line - 1]?.trim()
}

/** How a cursor is closed, as a message says it: drivers up to 6.8 know no `await using`. */
export const closing = (major: string): string =>
  Number.parseInt(major, 10) >= 6
    ? '`await using cursor = …` (then `return await …`, not `return …`), or `try { … } finally { await cursor.close() }`'
    : '`try { … } finally { await cursor.close() }`'
