import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { sandbox } from '../../scripts/sandbox.mjs'
import { run, stable } from '../support/run.ts'
import { DRIVER, LIBRARIES } from '../versions.ts'

const FILES = fileURLToPath(new URL('../../fixtures/libraries', import.meta.url))

test('Nest, typegoose, agenda and connect-mongo: whose line it is, and what its user can do', async () => {
  const cwd = await sandbox({ ...DRIVER, ...LIBRARIES }, { files: FILES, name: 'libraries' })
  const args = ['--import', 'cursorleak/node-test', '--test-force-exit', '--test-reporter=spec', 'libraries.test.mjs']
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd, env: { MONGODB_URI: inject('mongoUri') } })
  // Installed beside the project, and linked: the real path of a package is elsewhere.
  const lines = (text: string): string[] =>
    stable(text, cwd)
      .replace(/\/\S+(?=\/node_modules\/)/g, '<packages>')
      .replace(/ \(<time>\)$/gm, '')
      .split('\n')
  const told = lines(stdout)
    // Below this the reporter tells all failures a second time.
    .slice(
      0,
      lines(stdout).findIndex((line) => line.includes('failing tests')),
    )
    .filter((line) => /^[✔✖] |^ {2,}/.test(line))
  expect(told.join('\n')).toMatchInlineSnapshot(`
    "✖ Nest: a controller that leaks
      CursorLeakError: QueryCursor on cursorleak_libraries.orders was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
        created at Orders.first (libraries.test.mjs:21:30)
        note: charged to this test because no other ran when the request came in: a request does not say who sent it
        to fix it: \`await using cursor = …\` (then \`return await …\`, not \`return …\`), or \`try { … } finally { await cursor.close() }\`
        to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['cursorleak_libraries.orders']\`
        read more: cursorleak/docs/states.md#abandoned
          at Orders.first (file://<folder>/libraries.test.mjs:21:30)
    ✔ Nest: one that closes
    ✖ typegoose: a static method that leaks
      CursorLeakError: QueryCursor on cursorleak_libraries.items was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
        created at firstOne (libraries.test.mjs:48:22)
        to fix it: \`await using cursor = …\` (then \`return await …\`, not \`return …\`), or \`try { … } finally { await cursor.close() }\`
        to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['cursorleak_libraries.items']\`
        read more: cursorleak/docs/states.md#abandoned
          at Function.firstOne (file://<folder>/libraries.test.mjs:48:22)
          at TestContext.<anonymous> (file://<folder>/libraries.test.mjs:80:15)
    ✔ typegoose: what reads to the end
    ✔ agenda: started, and stopped with its client
    ✔ connect-mongo: a store, and its close
    ✔ agenda: a client that nobody closes
    ✔ connect-mongo: a store that nobody closes"
  `)
  expect(lines(stderr).join('\n')).toMatchInlineSnapshot(`
    "cursorleak warning in "agenda: a client that nobody closes": MongoClient on 127.0.0.1:<port> was never closed: still connected at the end of the file; created by agenda (<packages>/node_modules/agenda/lib/agenda/database.ts:37), called at libraries.test.mjs:99:18; it keeps this process from ending by itself ("did not exit"); to fix it: close what agenda gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to; to allow it: the option \`ignore: ['agenda']\`; read more: cursorleak/docs/states.md#client
    cursorleak warning in "connect-mongo: a store that nobody closes": MongoClient on 127.0.0.1:<port> was never closed: still connected at the end of the file; created by connect-mongo (<packages>/node_modules/connect-mongo/src/lib/MongoStore.ts:190), called at libraries.test.mjs:105:28; it keeps this process from ending by itself ("did not exit"); to fix it: close what connect-mongo gave you, or stop the module or app of it that made this; if it offers no way to, its authors have to; to allow it: the option \`ignore: ['connect-mongo']\`; read more: cursorleak/docs/states.md#client
    "
  `)
  expect(code).toBe(1)
})
