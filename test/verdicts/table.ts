import { readdirSync, readFileSync } from 'node:fs'
import { SIZES } from './construct.ts'

/** What one column of a table holds: by row, the cell at 3 and at 2,000 documents. */
export type Cells = Record<string, readonly [small: string, large: string]>

/** Where the columns of a table lie: one folder a table. */
export type Table = 'columns' | 'mongoose' | 'kinds' | 'layouts'

/** A part of a table, with the rows in it. */
export interface Part {
  title: string
  rows: ReadonlyArray<{ id: string; title: string; unproven?: string | undefined }>
}

const folderOf = (table: Table): URL => new URL(`./${table}/`, import.meta.url)

/** The newest of each, recorded before the others. A layout is compared with the driver's own column. */
const FIRST: Readonly<Record<Table, readonly [name: string, table: Table]>> = {
  columns: ['mongodb-7.9', 'columns'],
  kinds: ['mongodb-7.9', 'kinds'],
  layouts: ['mongodb-7.9', 'columns'],
  mongoose: ['mongoose-9.12', 'mongoose'],
}
const isFirst = (name: string, table: Table): boolean => FIRST[table].join() === [name, table].join()

/** A run compares itself with this file: `columns/mongodb-7.9.json`. With `-u` it writes it. */
export const columnFile = (name: string, table: Table = 'columns'): string => `./${table}/${name}.json`
export const columnText = (cells: Cells): string =>
  `{\n${Object.entries(cells)
    .map(([id, cell]) => `  ${JSON.stringify(id)}: ${JSON.stringify(cell)}`)
    .join(',\n')}\n}\n`

/** What a column's file holds: the first column whole, of the others the rows that differ from it. */
export const ownCells = (name: string, cells: Cells, table: Table): Cells => {
  if (isFirst(name, table)) return cells
  const first = readColumn(...FIRST[table])
  return Object.fromEntries(Object.entries(cells).filter(([id, cell]) => String(cell) !== String(first[id])))
}

export const readColumn = (name: string, table: Table = 'columns'): Cells => {
  const own = JSON.parse(readFileSync(new URL(`${name}.json`, folderOf(table)), 'utf8')) as Cells
  return isFirst(name, table) ? own : { ...readColumn(...FIRST[table]), ...own }
}

/** The names of a table's columns, in their order. */
export const columns = (table: Table): string[] =>
  readdirSync(folderOf(table))
    .flatMap((file) => /^(.+)\.json$/.exec(file)?.slice(1) ?? [])
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))

/** A part of a page: tables from the columns that runs have written. */
export function tables(table: Table, parts: readonly Part[]): string[] {
  const all = columns(table).map((name) => ({ name: name.replaceAll('-', ' '), cells: readColumn(name, table) }))
  return [...parts.map((part) => tableOf(part, all)).filter((text) => text !== ''), ...notesOf(parts)]
}

/** The text that stands before the tables, written by hand. */
export const intro = (name: string): string => readFileSync(new URL(`./${name}.md`, import.meta.url), 'utf8').trimEnd()

function tableOf({ title, rows }: Part, all: { name: string; cells: Cells }[]): string {
  const columns = all.filter(({ cells }) => rows.some(({ id }) => cells[id]))
  if (columns.length === 0) return ''
  const head = ['code', 'documents', ...columns.map(({ name }) => name)]
  const lines = rows.flatMap((row) => {
    const text = row.title.replaceAll('|', '\\|')
    const cells = columns.map((column) => column.cells[row.id] ?? ['', ''])
    // Where more data changes nothing, one line says both.
    if (cells.every(([small, large]) => small === large)) return [[text, BOTH, ...cells.map(([small]) => small)]]
    return SIZES.map((size, i) => [
      i === 0 ? text : '',
      size.toLocaleString('en'),
      ...cells.map((cell) => cell[i] ?? ''),
    ])
  })
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n')
}

const BOTH = SIZES.map((size) => size.toLocaleString('en')).join(' and ')

function notesOf(all: readonly Part[]): string[] {
  const notes = all.flatMap(({ rows }) => rows.filter(({ unproven }) => unproven))
  if (notes.length === 0) return []
  return ['## Cells with `?`', notes.map(({ title, unproven }) => `- ${title}: ${unproven}.`).join('\n')]
}
