import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isByModule } from '../../../src/report/module-frames.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'cursorleak-module-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = path.join(folder, 'app.mjs')
writeFileSync(file, 'export const client = await connect()\nexport const feed = watch()\n  const rows = find()\n')
const oneLiners = path.join(folder, 'one-liners.mjs')
writeFileSync(
  oneLiners,
  "it('x', async () => { await conn.startSession() })\nexport const session = await conn.startSession()\n",
)

const stack = (...frames: string[]): string => ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n')

// As these loaders and runners make them.
test.each([
  [
    'Node, a module in the standard format',
    'file:///app/mod.mjs:3:1',
    'ModuleJob.run (node:internal/modules/esm/module_job:325:25)',
  ],
  [
    'Node, CommonJS',
    'Object.<anonymous> (/app/mod.cjs:2:1)',
    'Module._compile (node:internal/modules/cjs/loader:1521:14)',
  ],
  ['Node, behind a top-level await', `open (${file}:2:1)`, `${file}:2:1`],
  [
    'Node, behind a top-level await that took a while',
    `file://${file}:2:21`,
    'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  ],
  ['a line of its own, behind a top-level await', `${oneLiners}:2:30`],
  [
    'Vitest 4',
    '/app/mod.mjs:3:1',
    'VitestModuleEvaluator._runInlinedModule (file:///app/node_modules/vitest/dist/module-evaluator.js:206:120)',
  ],
  [
    'Vitest 4, behind a top-level await',
    '/app/mod.mjs:5:1',
    'async VitestModuleEvaluator._runInlinedModule (file:///app/node_modules/vitest/dist/module-evaluator.js:206:4)',
    '/app/a.test.mjs:4:25',
    'async file:///app/node_modules/@vitest/runner/dist/index.js:1903:20',
  ],
  [
    'Vitest 3',
    '/app/mod.mjs:3:1',
    'VitestExecutor.runModule (file:///app/node_modules/vite-node/dist/client.mjs:399:4)',
  ],
  [
    'Jest',
    'Object.<anonymous> (/app/mod.js:2:1)',
    'ModuleExecutor.exec (/app/node_modules/jest-runtime/build/index.js:3055:26)',
  ],
  [
    'Jest, a module in the standard format',
    '/app/mod.mjs:3:1',
    'SourceTextModule.evaluate (node:internal/vm/module:226:23)',
  ],
])('a module is loaded: %s', (_name, ...frames) => {
  expect(isByModule(stack('find (/app/node_modules/mongodb/lib/collection.js:1:1)', ...frames))).toBe(true)
})

test.each([
  ['Vitest', '/app/a.test.mjs:4:97', 'async file:///app/node_modules/@vitest/runner/dist/index.js:1903:20'],
  [
    'node:test',
    'TestContext.<anonymous> (file:///app/n.test.mjs:4:98)',
    'async Test.run (node:internal/test_runner/test:797:9)',
    'async file:///app/n.test.mjs:4:1',
    'ModuleJob.run (node:internal/modules/esm/module_job:325:25)',
  ],
  [
    'Jest',
    'Object.<anonymous> (/app/j.test.js:3:52)',
    'Promise.finally.completed (/app/node_modules/jest-circus/build/jestAdapterInit.js:1834:28)',
  ],
  [
    'jest.isolateModules()',
    '/app/j.test.js:3:52',
    'Runtime.isolateModules (/app/node_modules/jest-runtime/build/index.js:4848:3)',
    'Promise.finally.completed (/app/node_modules/jest-circus/build/jestAdapterInit.js:1834:28)',
  ],
  ['Mocha, the end of a stack', `Context.<anonymous> (${file}:1:1)`],
  ['nobody awaits it', `find (${file}:2:1)`, `${file}:3:16`],
  ['a test on one line, behind an await of a package', `${oneLiners}:1:29`],
  ['nothing', ''],
])('a test runs: %s', (_name, ...frames) => {
  expect(isByModule(stack(...frames))).toBe(false)
})
