import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { nodeBinary, packagesFolder, sandbox } from '../../scripts/sandbox.mjs'
import { cellsOf } from '../support/phase.ts'
import { run } from '../support/run.ts'
import { NODE } from '../versions.ts'
import { CELLS, configOf, FEW, nameOf, packagesOf } from './cells.ts'
import { expected, fill, SUITE } from './suite.ts'
import { readVerdicts } from './verdicts.ts'

const start = performance.now()
const cells = cellsOf(CELLS, (cell) => FEW.includes(cell))

beforeAll(async () => {
  await fill(inject('mongoUri'))
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
        const file = path.join(folder, 'verdicts.json')
        const env = { MONGODB_URI: inject('mongoUri'), CELL: JSON.stringify(configOf(cell)), VERDICTS: file }
        const { stdout, stderr } = await run(node, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: folder, env })
        const verdicts = [...readVerdicts(file, folder).values()]
        expect(verdicts, `${stdout}\n${stderr}`).toHaveLength(cell.projects === 'two' ? 2 : 1)
        for (const verdict of verdicts) expect(verdict).toBe(expected())
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
