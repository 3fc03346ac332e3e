import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, inject, test } from 'vitest'
import { run } from '../support/run.ts'
import { BESIDE, beside, expectOnlyLeaks } from './beside.ts'
import { fill } from './things.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const VITEST = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')

beforeAll(() => fill(inject('mongoUri')))

test('fake timers, mocks of the driver, spies, modules that are reset', async () => {
  expectOnlyLeaks(await beside(VITEST, []), 5, 4)
})

test('without isolation: neither work nor options of an earlier file count against a later one', async () => {
  const ran = await beside(VITEST, ['--no-isolate', '--no-file-parallelism'], { FOLDER: 'late' })
  expectOnlyLeaks(ran, 1, 3)
  expect(ran.stderr).toContain('cursorleak warning in "starts work that outlives its file": FindCursor')
  expect(ran.stderr).toContain(
    'opened after its test "starts work that outlives its file" was over, like its whole file',
  )
})

test.each([
  ['the plugin', {}],
  ['the setup file alone', { ALONE: '1' }],
])('with %s a benchmark measures the driver as it is, and ends with no summary', async (_name, setup) => {
  const env = { MONGODB_URI: inject('mongoUri'), ...setup }
  const { code, stdout, stderr } = await run(process.execPath, [VITEST, 'bench', '--run'], { cwd: BESIDE, env })
  expect(code, `${stdout}\n${stderr}`).toBe(0)
  expect(stdout).toContain('a cursor that is left open')
  expect(stdout + stderr).not.toContain('cursorleak')
})

test('a project without the driver: nothing happens', async () => {
  // Outside this checkout, where no mongodb can be found.
  const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-alone-'))
  try {
    const modules = path.join(folder, 'node_modules')
    mkdirSync(modules)
    for (const name of ['vitest', 'picocolors', 'source-map-support']) {
      symlinkSync(path.join(ROOT, 'node_modules', name), path.join(modules, name), 'dir')
    }
    for (const part of ['package.json', 'dist']) {
      cpSync(path.join(ROOT, part), path.join(modules, 'cursorleak', part), { recursive: true })
    }
    writeFileSync(
      path.join(folder, 'vitest.config.mjs'),
      "import cursorleak from 'cursorleak/vitest/plugin'\nexport default { plugins: [cursorleak()] }\n",
    )
    writeFileSync(
      path.join(folder, 'a.test.mjs'),
      `import { expect, test } from 'vitest'
const driver = 'mongodb'
test('no driver', () => expect(import(driver)).rejects.toThrow(/mongodb/))
`,
    )
    const { code, stdout, stderr } = await run(process.execPath, [path.join(modules, 'vitest', 'vitest.mjs'), 'run'], {
      cwd: folder,
    })
    expect([code, stderr], stdout).toEqual([0, ''])
    expect(stdout).toContain('Tests  1 passed (1)')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
