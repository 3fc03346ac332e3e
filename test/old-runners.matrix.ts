import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { packagesFolder } from '../scripts/sandbox.mjs'
import { project, removeProjects } from './support/project.ts'
import { run, stable } from './support/run.ts'
import { TOO_OLD } from './versions.ts'

afterAll(removeProjects)

/** A runner that is too old, in a project with a test that would pass. */
async function output(name: keyof typeof TOO_OLD, files: Record<string, string>, args: string[]): Promise<string> {
  const packages = await packagesFolder({ [name]: TOO_OLD[name] })
  const folder = project(files)
  symlinkSync(path.join(packages, 'node_modules', name), path.join(folder, 'node_modules', name), 'dir')
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder })
  const text = stable(`${stdout.trim()}\n${stderr.trim()}`.trim(), folder)
  return `${text.replaceAll(TOO_OLD[name], '<version>').replace(/^ +at .*\n/gm, '')}\n--- exit ${code}`
}

test('Mocha 9', async () => {
  const files = { 'a.spec.cjs': "it('passes', () => {})" }
  // By its path: a linked Mocha asks from its own folder.
  const entry = './node_modules/cursorleak/dist/mocha/index.cjs'
  const args = ['node_modules/mocha/bin/mocha', '--require', entry, 'a.spec.cjs']
  expect(await output('mocha', files, args)).toMatchInlineSnapshot(`
    "✖ ERROR: [CursorLeakSetupError: cursorleak: this is Mocha <version>, and cursorleak/mocha is for Mocha 10 to 12: update it, or take our line out]
    --- exit 1"
  `)
})

test('Jest 27, which knows no exports of a package', async () => {
  const files = {
    'a.test.js': "test('passes', () => {})",
    'jest.config.cjs':
      "module.exports = { transform: {}, testMatch: ['**/*.test.js'], setupFilesAfterEnv: ['cursorleak/jest'] }",
  }
  expect(await output('jest', files, ['node_modules/jest/bin/jest.js', '--ci'])).toMatchInlineSnapshot(`
    "FAIL ./a.test.js
      ● Test suite failed to run

        CursorLeakSetupError: cursorleak: this Jest is older than 28, and cursorleak/jest is for Jest 28 to 30: update it, or take our line out

    Test Suites: 1 failed, 1 total
    Tests:       0 total
    Snapshots:   0 total
    Time:        <time>
    Ran all test suites.
    --- exit 1"
  `)
})

test.each(['setup file', 'plugin'])('Vitest 1, by its %s', async (way) => {
  const plugin = "import cursorleak from 'cursorleak/vitest/plugin'\nexport default { plugins: [cursorleak()] }"
  const files = {
    'a.test.mjs': "import { test } from 'vitest'\ntest('passes', () => {})",
    'vitest.config.mjs': way === 'plugin' ? plugin : "export default { test: { setupFiles: ['cursorleak/vitest'] } }",
  }
  expect(await output('vitest', files, ['node_modules/vitest/vitest.mjs', 'run'])).toMatch(
    /^CursorLeakSetupError: cursorleak: this is Vitest <version>, and cursorleak\/vitest is for Vitest 2 to 5: update it, or take our line out$/m,
  )
})
