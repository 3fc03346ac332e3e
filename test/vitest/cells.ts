import { eachValue, pairwise, type Row } from '../support/pairwise.ts'
import { beside, DRIVER, NODE, VITEST } from '../versions.ts'

const AXES = {
  vitest: Object.keys(VITEST) as Array<keyof typeof VITEST>,
  node: Object.keys(NODE) as Array<keyof typeof NODE>,
  pool: ['forks', 'threads', 'vmForks', 'vmThreads'],
  setup: ['alone', 'first', 'last', 'plugin'],
  hooks: ['stack', 'list', 'parallel'],
  environment: ['node', 'jsdom', 'happy-dom'],
  isolate: ['yes', 'no'],
  files: ['parallel', 'one by one'],
  setupFiles: ['list', 'parallel'],
  globals: ['no', 'yes'],
  inline: ['nothing', 'mongodb'],
  projects: ['one', 'two'],
} as const

export type Cell = Row<typeof AXES>

/** Vitest 5 does not support Node 20. */
export const CELLS: Cell[] = pairwise(AXES, ({ vitest, node }) => !(vitest === '5.1' && node === '20'))

/** Those of `.ci/run`: every value of every axis is in one of them. */
export const FEW: Cell[] = eachValue(CELLS)

/** What a project with this Vitest installs. */
export const packagesOf = (vitest: keyof typeof VITEST): Record<string, string> => ({
  vitest: VITEST[vitest],
  // Vitest 5 leaves it to the project; the others bring the one they like best.
  ...(vitest === '5.1' ? beside('vite') : {}),
  ...DRIVER,
  ...beside('jsdom', 'happy-dom'),
})

export const nameOf = (cell: Cell): string => Object.values(cell).join(', ')

/** What the suite's configuration reads. */
export const configOf = (cell: Cell): object => ({
  setup: cell.setup,
  ...(cell.projects === 'two' ? { projects: cell.vitest === '2.1' ? 'workspace' : 'config' } : {}),
  test: {
    pool: cell.pool,
    environment: cell.environment,
    isolate: cell.isolate === 'yes',
    fileParallelism: cell.files === 'parallel',
    globals: cell.globals === 'yes',
    sequence: { hooks: cell.hooks, setupFiles: cell.setupFiles },
    ...(cell.inline === 'mongodb' ? { server: { deps: { inline: ['mongodb'] } } } : {}),
  },
})

/** The cells as a table for the documentation. */
export function table(): string {
  const names = Object.keys(AXES) as Array<keyof Cell>
  const row = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  return [
    row(['', ...names]),
    row(['---:', ...names.map(() => '---')]),
    ...CELLS.map((cell, i) => row([String(i + 1), ...names.map((name) => cell[name])])),
  ].join('\n')
}
