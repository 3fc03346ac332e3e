import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type mongoose9 from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cells, columnFile, columnText, ownCells, readColumn } from '../verdicts/table.ts'
import { type Construct, constructs, expected } from './constructs.ts'
import { type Amount, type Bench, bench } from './measure.ts'

const FILE = fileURLToPath(new URL('constructs.ts', import.meta.url))
const LINES = readFileSync(FILE, 'utf8').split('\n')

export interface Wanted {
  /** The minor, as the column of the table is named: `9.12`. */
  version: string
  selected?(leaks: boolean, amount: Amount, name: string): boolean
  /** What this minor can't run, by name: there is no cell. */
  lacks?: readonly string[]
  /** What this minor leaves behind instead, by name. */
  differs?: Readonly<Record<string, Construct['leaves']>>
}

/** Every construct on one major: our verdict, the server's count, and the line that is blamed. */
export function everyConstruct(
  mongoose: typeof mongoose9,
  major: number,
  { version, selected = () => true, lacks = [], differs = {} }: Wanted,
): void {
  const cells: Cells = Object.fromEntries(constructs.map(({ name }) => [name, ['–', '–']]))
  const measuredCells = new Map<string, Partial<Record<Amount, string>>>()
  let measured: Bench
  beforeAll(async () => {
    // Every state is in the table, also those that are off by default.
    measured = await bench(mongoose, major, { levels: { idle: 'warn', unfinished: 'warn' } })
  })
  afterAll(() => measured.stop())

  describe.each(['few', 'many'] as const)('%s documents', (amount) => {
    const chosen = constructs.filter(
      (one) => !lacks.includes(one.name) && selected(expected(one, major, true) !== 'nothing', amount, one.name),
    )
    test.each(chosen.map((one) => [one.name, one] as const))('%s', async (name, construct) => {
      const state = expected({ leaves: differs[name] ?? construct.leaves }, major, amount === 'many')
      const { leaks, open, left } = await measured.measure(construct, amount)
      const states = leaks.map((leak) => leak.state)
      measuredCells.set(name, { ...measuredCells.get(name), [amount]: `${states.join(' + ') || 'clean'} · ${open}` })
      expect({
        verdict: states,
        open,
        left,
        file: leaks.map((leak) => leak.createdAt?.file),
        inside: leaks.map((leak) => nameOfConstruct(leak.createdAt?.line ?? 0)),
      }).toEqual({
        verdict: state === 'nothing' ? [] : [state],
        open: state === 'open' || state === 'lost' ? 1 : 0,
        left: 0,
        file: state === 'nothing' ? [] : [FILE],
        inside: state === 'nothing' ? [] : [name],
      })
    })
  })

  test('the table holds what was measured', async () => {
    expect(mongoose.version).toMatch(new RegExp(`^${version}\\.`))
    const file = `mongoose-${version}`
    const all = constructs.every(({ name }) => {
      const { few, many } = measuredCells.get(name) ?? {}
      if (few && many) cells[name] = [few, many]
      return (few && many) || lacks.includes(name)
    })
    if (all) {
      await expect(columnText(ownCells(file, cells, 'mongoose'))).toMatchFileSnapshot(
        `../verdicts/${columnFile(file, 'mongoose')}`,
      )
      return
    }
    const stored = readColumn(file, 'mongoose')
    for (const [name, { few, many }] of measuredCells) {
      const [small, large] = stored[name] ?? []
      expect([name, few ?? small, many ?? large]).toEqual([name, small, large])
    }
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
