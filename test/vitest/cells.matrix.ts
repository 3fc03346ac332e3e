import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { nodeBinary, packagesFolder, sandbox } from '../../scripts/sandbox.mjs'
import { BIN, HERE } from '../suite/columns/vitest.ts'
import { cellsOf } from '../support/phase.ts'
import { SUITE, type Verdicts } from '../support/suite.ts'
import { NODE } from '../versions.ts'
import { CELLS, type Cell, configOf, FEW, nameOf, packagesOf } from './cells.ts'
import { suiteIn, wrong } from './suite.ts'

const start = performance.now()
const cells = cellsOf(CELLS, (cell) => FEW.includes(cell))

/** Where files share their modules, what outlives its file may be meant for the next one: the message says so. */
const KEEP = ' | if it is meant to live on after this file: hand it over with `keep()`'
const sharesModules = ({ isolate, pool }: Cell): boolean => isolate === 'no' && !pool.startsWith('vm')
const withKeep = (verdicts: Verdicts = {}): Verdicts => ({
  ...verdicts,
  'before-all-left': `${verdicts['before-all-left']}${KEEP}`,
})

/** Of the Vitest that is installed here, in its own configuration. */
let first: Verdicts | undefined

beforeAll(async () => {
  first = (await suiteIn({ bin: HERE, cwd: SUITE, uri: inject('mongoUri') })).found[0]
  // One after the other, before the cells: two that install into one folder would be in each other's way.
  for (const version of Object.values(NODE)) await nodeBinary(version)
  for (const cell of cells) await packagesFolder(packagesOf(cell.vitest))
})
afterAll(() => {
  const seconds = Math.round((performance.now() - start) / 1000)
  process.stderr.write(`cursorleak: ${cells.length} cells of Vitest in ${seconds} s\n`)
})

describe.concurrent('the same verdicts everywhere', () => {
  test.each(cells.map((cell) => [CELLS.indexOf(cell) + 1, nameOf(cell), cell] as const))(
    '%i: %s',
    async (number, _name, cell) => {
      const done = await turn()
      try {
        const folder = await sandbox(packagesOf(cell.vitest), { files: SUITE, name: `cell-${number}` })
        const node = await nodeBinary(NODE[cell.node])
        const { found, output } = await suiteIn(
          { node, bin: BIN, cwd: folder, uri: inject('mongoUri') },
          configOf(cell),
        )
        expect(found, output).toHaveLength(cell.projects === 'two' ? 2 : 1)
        for (const verdicts of found) {
          expect(wrong(verdicts), output).toEqual([])
          // Whole verdicts: the headline with its counts, the notes, and the place.
          expect(verdicts).toEqual(sharesModules(cell) ? withKeep(first) : first)
        }
      } finally {
        done()
      }
    },
  )
})

const RUNNING_AT_ONCE = 2
const waiting: Array<() => void> = []
let running = 0

/** Waits until fewer cells run than this machine may bear. */
async function turn(): Promise<() => void> {
  if (running >= RUNNING_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  return () => {
    running--
    waiting.shift()?.()
  }
}
