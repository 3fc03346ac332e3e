/**
 * Which run this is: `npm test`, the matrix of `.ci/run`, or that of `.ci/nightly`, which runs everything there is before a
 * change is called done. A long list of cells runs there; the others take of it what meets every value of every axis.
 */
export const phase = (process.env.CURSORLEAK_PHASE ?? 'test') as 'test' | 'matrix' | 'nightly'

/** The cells of this run: nightly all, else those that are wanted. */
export const cellsOf = <Cell>(all: readonly Cell[], wanted: (cell: Cell) => boolean): Cell[] =>
  all.filter((cell) => phase === 'nightly' || wanted(cell))
