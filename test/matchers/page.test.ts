import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const PAGE = readFileSync(new URL('../../docs/matchers.md', import.meta.url), 'utf8')
const OUTPUTS = new URL('outputs/', import.meta.url)

/** The page names a database of its own, and ends no line with blanks. */
const printed = readdirSync(OUTPUTS)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => readFileSync(new URL(file, OUTPUTS), 'utf8').replaceAll('<database>', 'shop'))
  .join('\n')
  .replace(/[ \t]+$/gm, '')

const blocks = [...PAGE.matchAll(/^### ([^\n]*)\n\n```\n(.*?)\n```$/gms)].map(([, title, text]) => ({ title, text }))

test('docs/matchers.md shows failures', () => {
  expect(blocks.length).toBeGreaterThan(12)
})

test.each(blocks)('docs/matchers.md, $title: as it is printed', ({ text }) => {
  expect(printed).toContain(text)
})
