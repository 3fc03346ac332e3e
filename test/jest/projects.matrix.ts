import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { removeProjects } from '../support/project.ts'
import { jestProject, jestRun, type Lines, told } from './projects.ts'

const uri = inject('mongoUri')
const US = ['cursorleak/jest']
let folder = ''
beforeAll(() => {
  folder = jestProject()
})
afterAll(removeProjects)

test('the line at the root only: each project that uses the driver is told', async () => {
  expect(await jestRun(folder, uri, { root: true })).toMatchInlineSnapshot(`
    "PASS web packages/web/web.test.js
    PASS orders packages/orders/orders.test.js
    PASS users packages/users/users.test.js

    cursorleak  not checked: 1 test file of the project orders (packages/orders/orders.test.js): \`cursorleak/jest\` is not in its \`setupFilesAfterEnv\`; Jest hands none of the root down to a project
    not checked: 1 test file of the project users (packages/users/users.test.js): \`cursorleak/jest\` is not in its \`setupFilesAfterEnv\`; Jest hands none of the root down to a project

    Test Suites: 3 passed, 3 total
    Tests:       3 passed, 3 total
    Snapshots:   0 total
    Time:        <time>
    Ran all test suites in 3 projects.
    --- exit 0
    "
  `)
})

test.each<[string, Lines, string[]]>([
  [
    'one of the projects has it',
    { orders: US },
    [
      'not checked: 1 test file of the project users (packages/users/users.test.js): `cursorleak/jest` is not in its `setupFilesAfterEnv`; Jest hands none of the root down to a project',
    ],
  ],
  ['a setup file of the project imports ours', { orders: US, users: ['<rootDir>/setup.js'] }, []],
  ['switched off in one of them', { orders: US, users: ['<rootDir>/off.js', ...US] }, []],
])('%s', async (_name, lines, missed) => {
  const found = told(await jestRun(folder, uri, lines))
  expect(found.filter((line) => line.includes('check') && !line.includes('seen'))).toEqual(missed)
})

test('verbose lists what was checked and what was not, over all workers', async () => {
  const lines = { orders: US, users: US }
  const output = await jestRun(folder, uri, lines, { args: ['--maxWorkers=2'], env: { CURSORLEAK: 'verbose' } })
  // Which worker is first is anybody's guess.
  expect(told(output).sort()).toMatchInlineSnapshot(`
    [
      "  1 × FindCursor on cursorleak_jest_projects.orders, created at packages/orders/src/leaks.js:8:48",
      "  1 × FindCursor on cursorleak_jest_projects.users, created at node_modules/@scope/kit/index.js:8:48",
      "checked: 1 test file of the project orders",
      "checked: 1 test file of the project users",
      "cursorleak  2 cursors from 2 places; 2 cursors seen, the checks took <time>",
      "not checked, and no use of MongoDB found: 1 test file of the project web (packages/web/web.test.js)",
    ]
  `)
})

test('CURSORLEAK=off: nothing was meant to be checked', async () => {
  expect(told(await jestRun(folder, uri, { root: true }, { env: { CURSORLEAK: 'off' } }))).toEqual([])
})

test('a run without projects, and one whose files no test of which ran', async () => {
  const lines = { only: 'orders' }
  expect(told(await jestRun(folder, uri, lines))).toMatchInlineSnapshot(`
    [
      "cursorleak  not checked: 1 test file (packages/orders/orders.test.js): \`cursorleak/jest\` is not in its \`setupFilesAfterEnv\`",
    ]
  `)
  expect(told(await jestRun(folder, uri, lines, { args: ['--runInBand', '-t', 'no such'] }))).toEqual([])
})

test('a file in two projects, one of which has the line', async () => {
  const one = (displayName: string, setupFilesAfterEnv: string[]) => ({
    displayName,
    setupFilesAfterEnv,
    transform: {},
    testMatch: ['**/orders.test.js'],
  })
  const env = { MORE: JSON.stringify({ projects: [one('bare', []), one('checked', US)] }) }
  expect(told(await jestRun(folder, uri, {}, { env }))).toMatchInlineSnapshot(`
    [
      "cursorleak  1 cursor from 1 place; 1 cursor seen, the checks took <time>",
      "  1 × FindCursor on cursorleak_jest_projects.orders, created at packages/orders/src/leaks.js:8:48",
      "not checked: 1 test file of the project bare (packages/orders/orders.test.js): \`cursorleak/jest\` is not in its \`setupFilesAfterEnv\`; Jest hands none of the root down to a project",
    ]
  `)
})
