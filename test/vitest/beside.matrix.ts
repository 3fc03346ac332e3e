import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { nodeBinary, sandbox } from '../../scripts/sandbox.mjs'
import { cellsOf } from '../support/phase.ts'
import { type Run, run } from '../support/run.ts'
import { DRIVER, NODE, beside as packages, TYPESCRIPT, VITEST } from '../versions.ts'
import { BESIDE, beside, expectOnlyLeaks } from './beside.ts'
import { fill } from './things.ts'

const BIN = path.join('node_modules', 'vitest', 'vitest.mjs')

const all = Object.keys(VITEST) as Array<keyof typeof VITEST>
const versions = cellsOf(all, (version) => version !== '3.2' && version !== '4.0')

describe.each(versions)('Vitest %s', (version) => {
  let cwd: string
  let node: string
  beforeAll(async () => {
    const release = VITEST[version]
    const dependencies = {
      vitest: release,
      ...(version === '5.1' ? packages('vite') : {}),
      ...DRIVER,
      '@vitest/coverage-v8': release,
      '@vitest/coverage-istanbul': release,
      '@vitest/ui': release,
      ...packages('msw', '@types/node'),
      typescript: TYPESCRIPT['5.9'],
    }
    cwd = await sandbox(dependencies, { files: BESIDE, name: 'beside' })
    node = await nodeBinary(NODE['24'])
    await fill(inject('mongoUri'))
  })

  test.each(['v8', 'istanbul'])('with %s coverage', async (provider) => {
    const ran = await beside(BIN, ['--coverage', `--coverage.provider=${provider}`], { cwd, node })
    // Up to Vitest 3, Istanbul's code moves the lines of every stack, the user's own errors too.
    const isMoved = provider === 'istanbul' && (version === '2.1' || version === '3.2')
    expectOnlyLeaks(ran, 5, 4, isMoved ? '' : undefined)
    const covered = JSON.parse(readFileSync(path.join(cwd, 'coverage', 'coverage-summary.json'), 'utf8')) as object
    // The user's files and none of ours.
    expect(Object.keys(covered).map((file) => path.basename(file))).toEqual(['total', 'orders.ts'])
  })

  test('beside MSW', async () => {
    expectOnlyLeaks(await beside(BIN, [], { cwd, node, FOLDER: 'msw' }), 1, 1)
  })

  test('without isolation', async () => {
    const ran = await beside(BIN, ['--no-isolate', '--no-file-parallelism'], { cwd, node, FOLDER: 'late' })
    expectOnlyLeaks(ran, 1, 3)
  })

  test('a hookTimeout that is shorter than the check may take', async () => {
    const ran = await beside(BIN, ['--hookTimeout=60', 'test/part-mocked.test.ts'], { cwd, node })
    expectOnlyLeaks(ran, 2, 1)
  })

  test('the plugin fits the types of the configuration', async () => {
    const { code, stdout } = await run(node, ['node_modules/typescript/bin/tsc', '-p', 'types/plugin.json'], { cwd })
    expect(stdout).toBe('')
    expect(code).toBe(0)
  })

  test('html', async () => {
    await vitest('run', '--reporter=html', '--outputFile=html/index.html', 'test/timers.test.ts')
    const text = contents(path.join(cwd, version === '5.1' ? '.vitest' : 'html'))
    expect(text).toContain('FindCursor on cursorleak_vitest.things was never closed')
    expect(text).toContain('src/orders.ts:13:25')
  })

  test('a benchmark and a type check do nothing', async () => {
    for (const args of [
      ['bench', '--run'],
      ['run', '--typecheck.only'],
    ]) {
      const { code, stdout, stderr } = await vitest(...args)
      expect(code, `${stdout}\n${stderr}`).toBe(0)
      expect(stdout).toMatch(/a cursor that is left open|types\/orders\.test-d\.ts/)
      expect(stdout + stderr).not.toContain('cursorleak')
    }
  })

  test.skipIf(version === '2.1')('the root gives the plugin to inline projects, and the run one summary', async () => {
    const { stdout, stderr } = await vitest('run', '--config=projects.config.ts')
    const output = stdout + stderr
    expect(output.match(/ FAIL .*modules that are loaded anew: leaks/g), output).toHaveLength(2)
    expect(output.match(/^cursorleak {2}2 cursors from 1 place; /gm), output).toHaveLength(1)
  })

  function vitest(...args: string[]): Promise<Run> {
    const env = { MONGODB_URI: inject('mongoUri'), BENCH: version === '5.1' ? 'bench5' : 'bench' }
    return run(node, [BIN, ...args], { cwd, env })
  }
})

/** All text of a report, unpacked. */
function contents(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString())
    .join('\n')
}
