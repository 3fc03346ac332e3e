import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { project, removeProjects } from '../support/project.ts'
import { run } from '../support/run.ts'

afterAll(removeProjects)

/** What doctor says of the runners of a project, and its last line. */
async function doctor(files: Record<string, string>): Promise<string[]> {
  const cwd = project(files, ['jest', 'vitest', 'mocha', 'mongodb', '@jest/globals'])
  const cli = path.join(cwd, 'node_modules/cursorleak/dist/cli/index.mjs')
  const { code, stdout, stderr } = await run(process.execPath, [cli, 'doctor'], { cwd, env: { MONGODB_URI: '' } })
  expect(stderr).toBe('')
  const lines = stdout.trimEnd().split('\n')
  const versions = /^ok +(Node|mongodb|vitest|jest|mocha) \d/
  return [...lines.filter((line) => !versions.test(line)), `exit ${code}`].map((line) =>
    line.replaceAll(cwd, '<folder>'),
  )
}
const uses = "import { MongoClient } from 'mongodb'"
const OK = ['nothing is wrong', 'exit 0']

test('Jest: projects are asked one by one; the line at the root reaches none of them', async () => {
  const files = {
    'jest.config.cjs': `module.exports = {
      setupFilesAfterEnv: ['cursorleak/jest'],
      projects: ['<rootDir>/packages/*', { displayName: 'inline', roots: ['<rootDir>/src'] }],
    }`,
    'src/db.ts': uses,
    'packages/orders/jest.config.js': "module.exports = { displayName: 'orders' }",
    'packages/orders/orders.test.js': uses,
    'packages/users/jest.config.js':
      "module.exports = { displayName: 'users', setupFilesAfterEnv: ['cursorleak/jest'] }",
    'packages/users/users.test.js': uses,
    'packages/web/jest.config.js': "module.exports = { displayName: 'web' }",
    'packages/web/web.test.js': "test('adds', () => {})",
  }
  expect(await doctor(files)).toEqual([
    'wrong jest, project inline: not checked: no `cursorleak/jest` in its `setupFilesAfterEnv`',
    'wrong jest, project orders: not checked: no `cursorleak/jest` in its `setupFilesAfterEnv`',
    'ok    jest, project users: checked by cursorleak/jest',
    '      jest, project web: not checked; no file of it names mongodb or mongoose',
    '2 wrong',
    'exit 1',
  ])
})

test('Jest: a preset, a setup file that imports ours by another one, and a configuration of a second suite', async () => {
  const files = {
    'package.json':
      '{"scripts":{"test":"jest","test:e2e":"cross-env CI=1 npx jest --config ./test/jest-e2e.json"},"jest":{"preset":"./preset/jest-preset.js"}}',
    'preset/jest-preset.js': "module.exports = { setupFilesAfterEnv: [require.resolve('./setup.js')] }",
    'preset/setup.js': "// the hooks\nrequire('./hooks')",
    'preset/hooks.js': "require('cursorleak/jest')",
    'test/jest-e2e.json': '{"rootDir":".","testRegex":".e2e-spec.js$","setupFilesAfterEnv":["./setup.js"]}',
    'test/setup.js': "// require('cursorleak/jest')\n/* import 'cursorleak/jest' */ const url = 'http://x'",
  }
  expect(await doctor(files)).toEqual([
    'ok    jest: checked by cursorleak/jest',
    'wrong jest --config test/jest-e2e.json: not checked: no `cursorleak/jest` in its `setupFilesAfterEnv`',
    '1 wrong',
    'exit 1',
  ])
})

test.each([
  ["setupFiles: ['cursorleak/jest']", '`cursorleak/jest` belongs in `setupFilesAfterEnv`, not in `setupFiles`'],
  [
    "setupFilesAfterEnv: ['cursorleak/mocha']",
    '`cursorleak/mocha` checks no test of Jest: list `cursorleak/jest` in `setupFilesAfterEnv`',
  ],
  [
    "setupFilesAfterEnv: ['cursorleak']",
    '`cursorleak` checks no test of Jest: list `cursorleak/jest` in `setupFilesAfterEnv`',
  ],
  ["// setupFilesAfterEnv: ['cursorleak/jest']\n", 'no `cursorleak/jest` in its `setupFilesAfterEnv`'],
])('Jest: %s', async (line, why) => {
  expect(await doctor({ 'jest.config.cjs': `module.exports = { ${line} }` })).toEqual([
    `wrong jest: not checked: ${why}`,
    '1 wrong',
    'exit 1',
  ])
})

const VITEST = {
  'packages/orders/vitest.config.mjs': "export default { test: { name: 'orders' } }",
  'packages/orders/orders.test.mjs': uses,
  'packages/users/vitest.config.mjs': "export default { test: { name: 'users' } }",
  'packages/users/users.test.mjs': uses,
}
const root = (test: string, plugins = ''): string => `
import cursorleak from 'cursorleak/vitest/plugin'
export default { plugins: [${plugins}], test: { projects: ['packages/*'], ${test} } }`

test('Vitest: the setup file at the root reaches no project with a configuration of its own', async () => {
  const missing = 'no `cursorleak/vitest` in its `setupFiles`, and no plugin or reporter of ours that reaches it'
  expect(await doctor({ ...VITEST, 'vitest.config.mjs': root("setupFiles: ['cursorleak/vitest']") })).toEqual([
    `wrong vitest, project orders: not checked: ${missing}`,
    `wrong vitest, project users: not checked: ${missing}`,
    '2 wrong',
    'exit 1',
  ])
})

test.each([
  ['the plugin', root('', 'cursorleak()')],
  ['the reporter', root("reporters: ['default', 'cursorleak/vitest/reporter']")],
])('Vitest: %s at the root reaches all', async (_name, config) => {
  expect(await doctor({ ...VITEST, 'vitest.config.mjs': config })).toEqual([
    'ok    vitest, project orders: checked by cursorleak/vitest',
    'ok    vitest, project users: checked by cursorleak/vitest',
    ...OK,
  ])
})

test('Vitest: a setup file of TypeScript that imports ours, and a plugin that is off', async () => {
  const files = {
    'vitest.config.mjs': "export default { test: { setupFiles: ['./test/setup.ts'] } }",
    'test/setup.ts': "import './more.js'",
    'test/more.ts': "import 'cursorleak/vitest'",
    'vitest.e2e.config.mjs':
      "import cursorleak from 'cursorleak/vitest/plugin'\nexport default { plugins: [cursorleak({ enabled: false })] }",
  }
  expect(await doctor(files)).toEqual([
    'ok    vitest: checked by cursorleak/vitest',
    '      vitest --config vitest.e2e.config.mjs: not checked: `enabled: false`',
    'nothing is wrong where it is checked',
    'exit 0',
  ])
})

test('Mocha: its file, its scripts, a comment, and --import of Node', async () => {
  expect(await doctor({ '.mocharc.jsonc': '{ // "require": ["cursorleak/mocha"]\n }' })).toEqual([
    'wrong mocha: not checked: no `cursorleak/mocha` in its `--require`',
    '1 wrong',
    'exit 1',
  ])
  const scripts = {
    test: "mocha -r cursorleak/mocha 'test/**/*.js'",
    again: 'mocha --import=cursorleak/mocha test',
    own: 'mocha --require ./test/setup.cjs test',
  }
  const files = {
    'package.json': JSON.stringify({ scripts }),
    'test/setup.cjs': "exports.mochaHooks = require('cursorleak/mocha').mochaHooks",
  }
  expect(await doctor(files)).toEqual([
    'ok    mocha -r cursorleak/mocha test/**/*.js: checked by cursorleak/mocha',
    'wrong mocha --import=cursorleak/mocha test: not checked: Mocha takes no hooks from `--import`: write `--require cursorleak/mocha`',
    'ok    mocha --require ./test/setup.cjs test: checked by cursorleak/mocha',
    '1 wrong',
    'exit 1',
  ])
})

test('node:test and running apps are read from the scripts', async () => {
  const scripts = {
    test: 'node --import ./test/setup.mjs --test && echo done',
    bare: 'node --test test/',
    start: 'node --import cursorleak/register app.js',
  }
  const files = { 'package.json': JSON.stringify({ scripts }), 'test/setup.mjs': "import 'cursorleak/node-test'" }
  expect(await doctor(files)).toEqual([
    'ok    node --test (script test): checked by cursorleak/node-test',
    'wrong node --test (script bare): not checked: no `--import cursorleak/node-test`',
    'ok    script start: traced as a running app',
    '1 wrong',
    'exit 1',
  ])
})

test('a runner that can not be asked is not called right', async () => {
  const found = await doctor({ 'jest.config.cjs': "throw new Error('no database here') // cursorleak/jest" })
  expect(found.at(0)).toMatch(
    /^wrong jest: it could not be asked what it loads, so whether it is checked is not known: .*no database here/,
  )
  expect(found.slice(1)).toEqual(['1 wrong', 'exit 1'])
})

test('an installed runner that no file and no script names is asked, too', async () => {
  expect(await doctor({ 'package.json': '{"devDependencies":{"jest":"*"}}' })).toEqual([
    'wrong jest: not checked: no `cursorleak/jest` in its `setupFilesAfterEnv`',
    '1 wrong',
    'exit 1',
  ])
})

test('a configuration that fails with a connection string: without its user and password', async () => {
  const files = {
    'jest.config.cjs': "throw new Error('connect mongodb://canary-user:canary-word@host.example/db')",
    'src/db.ts': uses,
  }
  const lines = await doctor(files)
  expect(lines.join('\n')).toContain('mongodb://')
  expect(lines.join('\n')).not.toContain('canary')
})

const NO_VITEST = 'no `cursorleak/vitest` in its `setupFiles`, and no plugin or reporter of ours that reaches it'
const CHECKS = "export default { test: { setupFiles: ['cursorleak/vitest'] } }"

test('Vitest: what a script says is followed: its root, its folder, its reporters, its variables', async () => {
  const scripts = {
    root: 'vitest run --root ./sub',
    folder: 'cd sub && vitest run && cd ..',
    reporter: 'vitest run --config rep.mjs --reporter=dot',
    more: 'vitest run --config rep.mjs',
    off: 'CURSORLEAK=off vitest run',
    env: 'env CURSORLEAK=off vitest run',
    cross: 'cross-env CI=1 CURSORLEAK_DETAIL=off vitest run',
    both: 'concurrently "tsc --watch" "vitest --root sub"',
    pattern: "vitest run -t 'ends$'",
  }
  const files = {
    'package.json': JSON.stringify({ scripts }),
    'vitest.config.mjs': CHECKS,
    'rep.mjs': "export default { test: { reporters: ['default', 'cursorleak/vitest/reporter'] } }",
    'sub/vitest.config.mjs': 'export default { test: {} }',
  }
  expect(await doctor(files)).toEqual([
    '      CURSORLEAK=off vitest: not checked: CURSORLEAK=off',
    '      CURSORLEAK_DETAIL=off vitest: not checked: CURSORLEAK_DETAIL=off',
    'ok    vitest: checked by cursorleak/vitest',
    `wrong vitest --root ./sub: not checked: ${NO_VITEST}`,
    `wrong vitest in sub: not checked: ${NO_VITEST}`,
    `wrong vitest --root sub: not checked: ${NO_VITEST}`,
    `wrong vitest --config rep.mjs --reporter dot: not checked: ${NO_VITEST}`,
    'ok    vitest --config rep.mjs: checked by cursorleak/vitest',
    '4 wrong',
    'exit 1',
  ])
})

test.each([
  ['pnpm --filter orders exec vitest run'],
  ['docker compose run tests npx vitest run'],
  ['vitest run --root $SUITE'],
  ['CURSORLEAK=$CHECK vitest run'],
  ['cd $SUITE && vitest run', 'vitest run'],
])('what can not be followed is not called checked: %s', async (script, told = script) => {
  const files = { 'package.json': JSON.stringify({ scripts: { test: script } }) }
  const found = await doctor(files)
  expect(found.map((line) => line.replace(/^.*: not known/, 'not known'))).toEqual([
    `not known: look at what \`${told}\` runs, and ask there`,
    'nothing is known to be checked',
    'exit 1',
  ])
})

test('a folder that is named in a script, and checked there', async () => {
  const scripts = { test: 'cd sub && vitest run', jest: 'node -r dotenv/config ./node_modules/.bin/jest' }
  const files = {
    'package.json': JSON.stringify({ scripts }),
    'sub/vitest.config.mjs': CHECKS,
    'jest.config.cjs': "module.exports = { setupFilesAfterEnv: ['cursorleak/jest'] }",
  }
  expect(await doctor(files)).toEqual([
    'ok    vitest in sub: checked by cursorleak/vitest',
    'ok    jest: checked by cursorleak/jest',
    ...OK,
  ])
})

test('node:test by NODE_OPTIONS, without --test, and switched off', async () => {
  const scripts = {
    options: "NODE_OPTIONS='--import cursorleak/node-test' node --test",
    one: 'node --import cursorleak/node-test a.test.js',
    off: 'CURSORLEAK=off node --import cursorleak/node-test --test',
  }
  expect(await doctor({ 'package.json': JSON.stringify({ scripts }) })).toEqual([
    'ok    node --test (script options): checked by cursorleak/node-test',
    'ok    node --test (script one): checked by cursorleak/node-test',
    '      node --test (script off): not checked: CURSORLEAK=off',
    'nothing is wrong where it is checked',
    'exit 0',
  ])
})
