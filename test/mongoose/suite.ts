import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type mongoose9 from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { constructs, expected } from './constructs.ts'
import { type Amount, type Bench, bench } from './measure.ts'

const FILE = fileURLToPath(new URL('constructs.ts', import.meta.url))
const LINES = readFileSync(FILE, 'utf8').split('\n')

/** Every construct on one major: our verdict, the server's count, and the line that is blamed. */
export function everyConstruct(
  mongoose: typeof mongoose9,
  major: number,
  selected: (leaks: boolean, amount: Amount, name: string) => boolean = () => true,
): void {
  let measured: Bench
  beforeAll(async () => {
    measured = await bench(mongoose, major)
  })
  afterAll(() => measured.stop())

  describe.each(['few', 'many'] as const)('%s documents', (amount) => {
    const chosen = constructs.filter((one) => selected(expected(one, major, true) !== 'nothing', amount, one.name))
    test.each(chosen.map((one) => [one.name, one] as const))('%s', async (name, construct) => {
      const state = expected(construct, major, amount === 'many')
      const { leaks, open, left } = await measured.measure(construct, amount)
      expect({
        verdict: leaks.map((leak) => leak.state),
        open,
        left,
        file: leaks.map((leak) => leak.createdAt?.file),
        inside: leaks.map((leak) => nameOfConstruct(leak.createdAt?.line ?? 0)),
      }).toEqual({
        verdict: state === 'nothing' ? [] : [state],
        open: state === 'open' ? 1 : 0,
        left: 0,
        file: state === 'nothing' ? [] : [FILE],
        inside: state === 'nothing' ? [] : [name],
      })
    })
  })
}

/** The construct whose lines hold this one. */
function nameOfConstruct(line: number): string | undefined {
  for (let i = line - 1; i >= 0; i--) {
    const found = /^ {4}name: (['"])(.*)\1,$/.exec(LINES[i] ?? '')
    if (found) return found[2]
  }
  return undefined
}
