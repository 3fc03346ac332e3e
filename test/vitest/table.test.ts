import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { table } from './cells.ts'

const PAGE = new URL('../../docs/vitest.md', import.meta.url)
const PLACE = /(?<=<!-- made by .* -->\n).*(?=<!-- end -->)/s

test('the documentation lists the cells that the matrix runs', () => {
  const page = readFileSync(PAGE, 'utf8')
  const made = page.replace(PLACE, () => `\n${table()}\n\n`)
  if (process.env.UPDATE) writeFileSync(PAGE, made)
  else expect(page, 'update it with UPDATE=1 npx vitest run test/vitest/table.test.ts').toBe(made)
})
