import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { run, stable } from '../support/run.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/mongoose', import.meta.url))
const VITEST = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

test('one mongoose leak under Vitest: the whole output', async () => {
  const { code, stdout, stderr } = await run(process.execPath, [VITEST, 'run'], {
    cwd: FOLDER,
    env: { MONGODB_URI: inject('mongoUri') },
  })
  expect(stable(stdout, FOLDER).replace(/v\d+\.\d+\.\d+/, '<version>')).toMatchInlineSnapshot(`
    "
     RUN  <version> <folder>

     ❯ test/invoices.test.ts (3 tests | 1 failed) <time>
       × the first unpaid one <time>
       ✓ the first unpaid one, with a cursor that is closed <time>
       ✓ the total <time>

     Test Files  1 failed (1)
          Tests  1 failed | 2 passed (3)
       Start at  <clock>
       Duration  <time> (transform <time>, setup <time>, import <time>, tests <time>, environment <time>)

    "
  `)
  expect(stable(stderr, FOLDER)).toMatchInlineSnapshot(`
    "
    ⎯ Failed Tests 1 ⎯

     FAIL  test/invoices.test.ts > the first unpaid one
    CursorLeakError: QueryCursor on cursorleak_mongoose.invoices was never closed: unread documents left, 1 document read; with more than one batch (101 documents) it stays open on the server
      created at firstUnpaid (src/invoices.ts:16:62)
      to fix it: leaving \`for await\` early does not close a mongoose cursor, so keep it in a variable: \`await using cursor = …\` (then \`return await …\`, not \`return …\`), or \`try { … } finally { await cursor.close() }\`
      to allow it: \`allowLeaks()\` from 'cursorleak' in the test, or the option \`ignore: ['cursorleak_mongoose.invoices']\`
      read more: cursorleak/docs/states.md#abandoned
     ❯ firstUnpaid src/invoices.ts:16:62
         14| /** Leaks: a mongoose cursor is not closed by leaving the loop. */
         15| export async function firstUnpaid(invoices: Model<Invoice>): Promise<s…
         16|   for await (const invoice of invoices.find({ paid: false }).sort({ ce…
           |                                                              ^
         17|     return invoice.customer
         18|   }
     ❯ test/invoices.test.ts:24:16

    ⎯[1/1]⎯

    "
  `)
  expect(code).toBe(1)
})
