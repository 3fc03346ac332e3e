import { readdirSync, readFileSync } from 'node:fs'
import { SIZES } from './construct.ts'
import { type Group, groups } from './constructs/index.ts'

/** What one column of the table holds: by construct, the cell at 3 and at 2,000 documents. */
export type Cells = Record<string, readonly [small: string, large: string]>

const FOLDER = new URL('./columns/', import.meta.url)
const INTRO = new URL('./verdicts.md', import.meta.url)

/** A run compares itself with this file: `columns/mongodb-7.9.json`. With `-u` it writes it. */
export const columnFile = (name: string): string => `./columns/${name}.json`
export const columnText = (cells: Cells): string =>
  `{\n${Object.entries(cells)
    .map(([id, cell]) => `  ${JSON.stringify(id)}: ${JSON.stringify(cell)}`)
    .join(',\n')}\n}\n`

export const readColumn = (name: string): Cells =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Cells

/** The page: what `verdicts.md` beside this file says, and a table a group from the columns that runs have written. */
export function page(): string {
  const names = readdirSync(FOLDER).flatMap((file) => /^(.+)\.json$/.exec(file)?.slice(1) ?? [])
  const columns = names
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({ name: name.replace('-', ' '), cells: readColumn(name) }))
  const tables = groups.map((group) => tableOf(group, columns)).filter((text) => text !== '')
  return `${[readFileSync(INTRO, 'utf8').trimEnd(), ...tables, ...notesOf(groups)].join('\n\n')}\n`
}

function tableOf({ title, constructs }: Group, all: { name: string; cells: Cells }[]): string {
  const columns = all.filter(({ cells }) => constructs.some(({ id }) => cells[id]))
  if (columns.length === 0) return ''
  const head = ['code', 'documents', ...columns.map(({ name }) => name)]
  const rows = constructs.flatMap((construct) =>
    SIZES.map((size, i) => [
      i === 0 ? construct.title.replaceAll('|', '\\|') : '',
      size.toLocaleString('en'),
      ...columns.map(({ cells }) => cells[construct.id]?.[i] ?? ''),
    ]),
  )
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function notesOf(all: readonly Group[]): string[] {
  const notes = all.flatMap(({ constructs }) => constructs.filter(({ unproven }) => unproven))
  if (notes.length === 0) return []
  return ['## Cells with `?`', notes.map(({ title, unproven }) => `- ${title}: ${unproven}.`).join('\n')]
}
