import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
// @ts-expect-error: it brings no types.
import { structuredPatch } from 'diff'
import { expect, inject } from 'vitest'

/**
 * Compares an output with what is stored for its version, which is stored only where it differs from that of another: a
 * changed word is seen once. With `-u` it writes a file of its own where it differs, and deletes a copy.
 * @param own where this version's is, if it has one; an absolute path
 * @param others whose output it is else: the first of them that there is, recorded before
 */
export async function expectStored(text: string, own: string, others: readonly string[] = []): Promise<void> {
  const other = others.find((file) => existsSync(file))
  const isSame = other !== undefined && readFileSync(other, 'utf8') === text
  if (inject('update') && isSame) return rmSync(own, { force: true })
  const isOwn = other === undefined || existsSync(own) || inject('update')
  await expect(text).toMatchFileSnapshot(isOwn ? own : other)
}

/**
 * `expectStored` for outputs in a folder a version.
 * @param order of the versions as they are recorded: each is compared with those before it, the nearest first
 */
export const storedIn =
  (folder: string, order: readonly string[]) =>
  (text: string, version: string, name: string): Promise<void> => {
    const before = order.slice(0, order.indexOf(version)).reverse()
    return expectStored(
      text,
      path.join(folder, version, name),
      before.map((one) => path.join(folder, one, name)),
    )
  }

/**
 * The same for versions whose runner prints what it prints otherwise: of an output that differs from the first one, only
 * the lines that differ are stored, each group behind the line before it.
 * @param own where the difference is, if there is one
 */
export async function expectDifference(text: string, own: string, first: string): Promise<void> {
  const difference = differing(readFileSync(first, 'utf8'), text)
  if (difference === '' && inject('update')) return rmSync(own, { force: true })
  if (difference === '' && !existsSync(own)) return
  await expect(difference).toMatchFileSnapshot(own)
}

export function differing(first: string, text: string): string {
  const patch = structuredPatch as (...texts: [string, string, string, string, '', '', object]) => {
    hunks: Array<{ lines: string[] }>
  }
  const { hunks } = patch('', '', first, text, '', '', { context: 1 })
  return hunks.map(({ lines }) => `${lines.join('\n')}\n`).join('@@\n')
}
