import { afterAll, expect, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run } from '../support/run.ts'

afterAll(removeProjects)

const PASSES = "test('passes', () => {})\n"

/** What Vitest's run says of us. */
async function vitest(setupFiles: string[], more = ''): Promise<string[]> {
  const config = `export default { test: { globals: true, include: ['*.spec.mjs'], setupFiles: ${JSON.stringify(setupFiles)} } }`
  const files = { 'vitest.config.mjs': config, '1.spec.mjs': more + PASSES, 'setup.mjs': "import 'cursorleak'\n" }
  return said(project(files, ['vitest', 'mongodb', 'bson']), ['node_modules/vitest/vitest.mjs', 'run'])
}

async function said(cwd: string, args: string[], env = {}): Promise<string[]> {
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd, env })
  expect(code, stdout + stderr).toBe(0)
  return (stdout + stderr).split('\n').filter((line) => line.includes('cursorleak:'))
}

const RIGHT = "list 'cursorleak/vitest' in `setupFiles`"

test.each(['cursorleak', 'cursorleak/matchers', 'cursorleak/vitest/plugin', 'cursorleak/vitest/reporter'])(
  '%s as a setup file of Vitest',
  async (entry) => {
    expect(await vitest([entry])).toEqual([`cursorleak: ${entry} in Vitest's \`setupFiles\` checks no test: ${RIGHT}`])
  },
)

test('cursorleak/register as one', async () => {
  expect(await vitest(['cursorleak/register'])).toEqual([
    `cursorleak: cursorleak/register reports at the end of a program and checks no test, and this is Vitest: ${RIGHT}`,
  ])
})

test('beside the right one, and imported by a setup file or a test, they are fine', async () => {
  expect(await vitest(['cursorleak', 'cursorleak/vitest'])).toEqual([])
  expect(await vitest(['./setup.mjs'], "import 'cursorleak'\nimport 'cursorleak/matchers'\n")).toEqual([])
})

test('cursorleak/register in Jest and in Mocha', async () => {
  const files = {
    'jest.config.cjs':
      "module.exports = { setupFilesAfterEnv: ['cursorleak/register'], transform: {}, testMatch: ['**/*.spec.cjs'] }",
    '1.spec.cjs': PASSES,
    'm.mocha.cjs': "it('passes', () => {})\n",
  }
  const cwd = project(files, ['jest', 'jest-circus', 'mocha', 'mongodb', 'bson'])
  const sentence = 'cursorleak: cursorleak/register reports at the end of a program and checks no test, and this is'
  expect(await said(cwd, ['node_modules/jest/bin/jest.js'])).toEqual([
    `${sentence} Jest: list 'cursorleak/jest' in \`setupFilesAfterEnv\``,
  ])
  const mocha = [
    'node_modules/mocha/bin/mocha.js',
    '--require',
    './node_modules/cursorleak/dist/register.mjs',
    'm.mocha.cjs',
  ]
  const [told, ...others] = await said(cwd, mocha)
  expect(told).toContain(`${sentence} Mocha: load it by \`mocha --require cursorleak/mocha\``)
  expect(others).toEqual([])
  // Of the whole process, as \`cursorleak run\` asks for it.
  expect(
    await said(cwd, ['--import', 'cursorleak/register', ...mocha.filter((arg) => !/require|register/.test(arg))]),
  ).toEqual([])
})
