import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { options, VARIABLES } from '../../src/options.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const section = readme.slice(readme.indexOf('\n## Options\n')).split('\n## ')[1] ?? ''
const rows = section.split('\n').filter((line) => line.startsWith('| `'))

test('the table of the README has a row for each option, with its variable and its default', () => {
  const { verbose: _, ...defaults } = options()
  for (const [name, value] of Object.entries(defaults)) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\``))
    expect(row, `no row for ${name}`).toBeDefined()
    const variable = VARIABLES.find(([, option]) => option === name)?.[0]
    const [, , shown, environment] = row?.replaceAll('\\|', '/').split('|') ?? []
    expect(environment, name).toContain(variable ?? '')
    if (name !== 'levels')
      expect(shown, name).toContain(value === undefined ? 'none' : Array.isArray(value) ? '[]' : String(value))
  }
  expect(rows).toHaveLength(Object.keys(defaults).length)
})
