import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
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

const root = fileURLToPath(new URL('../..', import.meta.url))
const { files } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { files: string[] }
const pages = [
  ...files.filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs')).map((file) => path.join('docs', file)),
]

test.each(pages)('what %s links to is in the package', (page) => {
  const text = readFileSync(path.join(root, page), 'utf8')
  const links = [...text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)].map(([, link = '']) => link)
  const targets = links.map((link) => path.join(path.dirname(page), link))
  const isShipped = (file: string): boolean => files.some((one) => file === one || file.startsWith(`${one}${path.sep}`))
  expect(targets.filter((file) => !isShipped(file) || !existsSync(path.join(root, file)))).toEqual([])
})
